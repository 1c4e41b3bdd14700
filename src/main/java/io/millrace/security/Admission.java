package io.millrace.security;

import io.millrace.security.Tickets.Redeemed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may begin a session of a browser, and as whom.
 *
 * <p>Without a way to log in configured everyone is {@code User:ANONYMOUS} and needs no ticket; one
 * that is presented must be good all the same. Thread-safe.
 */
public final class Admission {
  /** How a ticket rides among the subprotocols that a browser offers. */
  public static final String TICKET_PROTOCOL = "millrace.ticket.";

  /** How long a session may stay without having said who it is, in ms. */
  public static final int AUTH_WITHIN_MS = 5_000;

  private static final Set<String> SECRETS =
      Set.of(
          "access_token",
          "api_key",
          "apikey",
          "auth",
          "authorization",
          "id_token",
          "jwt",
          "password",
          "secret",
          "token");

  private final OriginPolicy origins;
  private final Tickets tickets;
  private final boolean loginRequired;

  /**
   * @param loginRequired whether a way to log in is configured, so that nobody is anonymous
   */
  public Admission(OriginPolicy origins, Tickets tickets, boolean loginRequired) {
    this.origins = origins;
    this.tickets = tickets;
    this.loginRequired = loginRequired;
  }

  /**
   * What a request for a session says.
   *
   * @param origin its {@code Origin}; null when it has none
   * @param host its {@code Host}
   * @param protocols the subprotocols that it offers
   * @param parameters names of the parameters in its address
   * @param ticket the parameter {@code ticket}; null when there is none
   */
  public record Handshake(
      @Nullable String origin,
      @Nullable String host,
      List<String> protocols,
      Set<String> parameters,
      @Nullable String ticket) {}

  /** What is to be done with a request for a session. */
  public sealed interface Decision {
    /** The session begins. */
    record Admitted(Grant grant) implements Decision {}

    /** The session begins and must say within {@link #AUTH_WITHIN_MS} who it is. */
    record MustAuthenticate() implements Decision {}

    /**
     * No session.
     *
     * @param status HTTP status that says so before the upgrade: 400, 401, 403
     * @param why a sentence for people
     * @param hint what to do
     */
    record Refused(int status, String why, String hint) implements Decision {}
  }

  /** Decides on a request for a session; a ticket in it is used up. */
  public Decision decide(Handshake handshake, long nowMs) {
    String secret = secretIn(handshake.parameters);
    if (secret != null) {
      return new Decision.Refused(
          400,
          "The address carries '" + secret + "', and secrets do not belong into an address.",
          "Trade the login for a ticket with POST /api/v1/tickets.");
    }
    if (!origins.allows(handshake.origin, handshake.host)) {
      return new Decision.Refused(
          403,
          "Pages of " + handshake.origin + " may not use this broker.",
          "The broker's http.origins lists the origins that may.");
    }
    String ticket = ticketOf(handshake);
    if (ticket != null) {
      return present(ticket, handshake.origin, nowMs);
    }
    return loginRequired ? new Decision.MustAuthenticate() : new Decision.Admitted(Grant.ANONYMOUS);
  }

  /** Decides on a ticket that a session presents, at its beginning or to go on for longer. */
  public Decision present(String ticket, @Nullable String origin, long nowMs) {
    Redeemed redeemed = tickets.redeem(ticket, origin, nowMs);
    if (redeemed instanceof Redeemed.Good good) {
      return new Decision.Admitted(good.grant());
    }
    String why = ((Redeemed.Refused) redeemed).why();
    return new Decision.Refused(401, why, "Ask for a new one with POST /api/v1/tickets.");
  }

  /** The subprotocols that are offered besides tickets, in their order. */
  public static List<String> protocolsWithoutTickets(List<String> offered) {
    List<String> others = new ArrayList<>(offered);
    others.removeIf(value -> value.startsWith(TICKET_PROTOCOL));
    return List.copyOf(others);
  }

  private static @Nullable String ticketOf(Handshake handshake) {
    for (String offered : handshake.protocols) {
      if (offered.startsWith(TICKET_PROTOCOL)) {
        return offered.substring(TICKET_PROTOCOL.length());
      }
    }
    return handshake.ticket;
  }

  private static @Nullable String secretIn(Set<String> parameters) {
    for (String name : parameters) {
      if (SECRETS.contains(name.toLowerCase(Locale.ROOT))) {
        return name;
      }
    }
    return null;
  }
}
