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
        public void ended(boolean isSessionClosed) {}

        @Override
        public boolean outlivesItsTopics() {
          return false;
        }
      };

  /** Whether records may be sent now. */
  boolean maySend();

  /** Records were sent up to where the cursor stands. */
  void sent(Cursor cursor);

  /** The subscription is over: with its session, or before it. */
  void ended(boolean isSessionClosed);

  /** Whether the subscription goes on when it has no partition any more. */
  boolean outlivesItsTopics();
}
