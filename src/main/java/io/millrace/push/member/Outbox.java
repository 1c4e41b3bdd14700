package io.millrace.push.member;

import java.util.ArrayList;
import java.util.List;

/** Collects what is to be done, and numbers the calls. Confined to: its member. */
final class Outbox {
  private List<MemberEffect> effects = new ArrayList<>();
  private int lastCall;

  int nextCall() {
    return ++lastCall;
  }

  void add(MemberEffect effect) {
    effects.add(effect);
  }

  List<MemberEffect> take() {
    List<MemberEffect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }
}
