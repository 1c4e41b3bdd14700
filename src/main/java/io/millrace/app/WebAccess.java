package io.millrace.app;

import io.millrace.rest.HostRoutes;
import io.millrace.rest.OriginRoutes;
import io.millrace.rest.Routes;
import io.millrace.rest.TicketRoutes;
import io.millrace.rest.WebSettings;
import io.millrace.security.Admission;
import io.millrace.security.Grant;
import io.millrace.security.HostPolicy;
import io.millrace.security.OriginPolicy;
import io.millrace.security.Tickets;
import io.millrace.security.WebNodes;
import java.util.Collection;
import java.util.function.Supplier;

/** Who may use the web door, for the rooms behind it. Thread-safe. */
record WebAccess(HostPolicy hosts, OriginPolicy origins, Tickets tickets, Admission admission) {
  private static final int TICKETS_MAX = 20_000;
  private static final int TICKETS_PER_ADDRESS_MAX = 2_000;

  static WebAccess of(
      WebSettings settings, WebNodes nodes, Supplier<? extends Collection<String>> names) {
    OriginPolicy origins = OriginPolicy.of(settings.origins(), nodes);
    Tickets tickets = new Tickets(Unguessable::fill, TICKETS_MAX, TICKETS_PER_ADDRESS_MAX);
    HostPolicy hosts = HostPolicy.of(settings.hosts(), settings.origins(), names);
    return new WebAccess(hosts, origins, tickets, new Admission(origins, tickets, false));
  }

  /** The check of names, which stands before all other routes. */
  Routes hostCheck() {
    return new HostRoutes(hosts);
  }

  /** The check of origins, which stands before all other routes. */
  Routes originCheck() {
    return new OriginRoutes(origins);
  }

  /** Where tickets are given out; everyone is anonymous while no way to log in is configured. */
  Routes ticketOffice() {
    return new TicketRoutes(tickets, request -> Grant.ANONYMOUS);
  }
}
