package io.millrace.push;

/** Who decides what a subscription may be sent, and is told of it. On the session's loop. */
interface SubscriptionOwner {

  /** The page reads for itself. */
  SubscriptionOwner NONE =
      new SubscriptionOwner() {
        @Override
        public boolean maySend() {
          return true;
        }

        @Override
        public void sent(Cursor cursor) {}

        @Override
        public void ended(SubscriptionEnd end) {}

        @Override
        public boolean outlivesItsTopics() {
          return false;
        }
      };

  /** Whether records may be sent now. */
  boolean maySend();

  /** Records were sent up to where the cursor stands. */
  void sent(Cursor cursor);

  /** The subscription is over. */
  void ended(SubscriptionEnd end);

  /** Whether the subscription goes on when it has no partition any more. */
  boolean outlivesItsTopics();
}
