package io.millrace.cluster;

import io.millrace.cluster.peer.PeerService;
import io.millrace.eventloop.EventLoop;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** What a broker answers to others on its peer port about the cluster. Thread-safe. */
final class ClusterServices {
  private ClusterServices() {}

  private record Service(int kind, EventLoop control, Function<byte[], Future<byte[]>> answer)
      implements PeerService {
    @Override
    public Future<byte[]> serve(EventLoop loop, byte[] body) {
      return loop.ask(control, () -> answer.apply(body));
    }
  }

  static List<PeerService> all(
      EventLoop control,
      ClusterOptions options,
      DecisionPipeline pipeline,
      Forwarder forwarder,
      RequestKinds kinds,
      ActiveController office,
      BooleanSupplier hearsController) {
    return List.of(
        new Service(
            PeerService.DECIDE,
            control,
            body ->
                switch (ForwardForm.what(body)) {
                  case ForwardForm.HELLO ->
                      Future.succeededFuture(
                          ForwardForm.encode(
                              self(options, pipeline, hearsController.getAsBoolean())));
                  case ForwardForm.REQUEST -> forwarder.serve(kinds, ForwardForm.request(body));
                  default ->
                      Future.failedFuture(
                          new IllegalArgumentException("an unknown question about the cluster"));
                }),
        new Service(
            PeerService.LEADERLESS,
            control,
            body -> {
              office.report(ReportForm.decode(body));
              return Future.succeededFuture(new byte[0]);
            }));
  }

  private static ForwardForm.Self self(
      ClusterOptions options, DecisionPipeline pipeline, boolean heard) {
    return new ForwardForm.Self(
        options.brokerId(), options.incarnation(), pipeline.isDeciding(), heard);
  }
}
