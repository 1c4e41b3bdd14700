package io.millrace.coordinator.group;

/**
 * Where a coordinator shows its groups: a port, filled by whoever displays them. Called on the
 * shard's loop; must not block. What it shows is a hint and never a decision.
 */
public interface GroupViews {

  /** Shows nothing to nobody. */
  GroupViews NONE =
      new GroupViews() {
        @Override
        public void publish(GroupView view) {}

        @Override
        public void withdraw(String groupId) {}
      };

  /** The group has changed. */
  void publish(GroupView view);

  /** The group is gone. */
  void withdraw(String groupId);

  /** It is no longer coordinated here; it may live on. */
  default void moved(String groupId) {
    withdraw(groupId);
  }
}
