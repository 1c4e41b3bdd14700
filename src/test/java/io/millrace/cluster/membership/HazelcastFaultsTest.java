package io.millrace.cluster.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.core.ConsistencyLostException;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.HazelcastOverloadException;
import com.hazelcast.core.IndeterminateOperationStateException;
import com.hazelcast.core.LocalMemberResetException;
import com.hazelcast.core.MemberLeftException;
import com.hazelcast.core.OperationTimeoutException;
import com.hazelcast.core.RuntimeInterruptedException;
import com.hazelcast.internal.cluster.impl.ClusterTopologyChangedException;
import com.hazelcast.internal.cluster.impl.ConfigMismatchException;
import com.hazelcast.internal.cluster.impl.VersionMismatchException;
import com.hazelcast.internal.partition.PartitionStateVersionMismatchException;
import com.hazelcast.internal.serialization.Data;
import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.map.ReachedMaxSizeException;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.partition.NoDataMemberInClusterException;
import com.hazelcast.spi.exception.CallerNotMemberException;
import com.hazelcast.spi.exception.DistributedObjectDestroyedException;
import com.hazelcast.spi.exception.PartitionMigratingException;
import com.hazelcast.spi.exception.ResponseAlreadySentException;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import com.hazelcast.spi.exception.RetryableIOException;
import com.hazelcast.spi.exception.ServiceNotFoundException;
import com.hazelcast.spi.exception.TargetDisconnectedException;
import com.hazelcast.spi.exception.TargetNotMemberException;
import com.hazelcast.spi.exception.WrongTargetException;
import com.hazelcast.version.MemberVersion;
import io.millrace.cluster.BrokerPresence.Card;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Members answer each other with faults, as Java serialises them; nothing else gets through. */
class HazelcastFaultsTest {
  private final SerializationService member =
      new DefaultSerializationServiceBuilder()
          .setConfig(
              HazelcastSettings.of(options(), "127.0.0.1", List.of()).getSerializationConfig())
          .build();

  private static MembershipOptions options() {
    Card self = new Card(1, "127.0.0.1:9092", null, "127.0.0.1:17092", null, "dev");
    return new MembershipOptions("faults", "127.0.0.1", 17092, self);
  }

  static Stream<Throwable> faults() throws Exception {
    Address address = new Address("127.0.0.1", InetAddress.getLoopbackAddress(), 17093);
    MemberImpl left =
        new MemberImpl.Builder(address)
            .version(MemberVersion.of("5.3.8"))
            .uuid(new UUID(1, 2))
            .build();
    return Stream.of(
        new HazelcastException("m", new IllegalStateException("cause")),
        new HazelcastInstanceNotActiveException("m"),
        new HazelcastOverloadException("m"),
        new HazelcastSerializationException("m"),
        new OperationTimeoutException("m"),
        new MemberLeftException(left),
        new LocalMemberResetException("m"),
        new ConsistencyLostException("m"),
        new IndeterminateOperationStateException("m"),
        new RuntimeInterruptedException("m"),
        new CallerNotMemberException("m"),
        new TargetNotMemberException("m"),
        new TargetDisconnectedException("m"),
        new WrongTargetException("m"),
        new PartitionMigratingException("m"),
        new RetryableHazelcastException("m"),
        new RetryableIOException("m"),
        new ResponseAlreadySentException("m"),
        new ServiceNotFoundException("m"),
        new DistributedObjectDestroyedException("m"),
        new ClusterTopologyChangedException("m"),
        new ConfigMismatchException("m"),
        new VersionMismatchException("m"),
        new PartitionStateVersionMismatchException(1, 2),
        new NoDataMemberInClusterException("m"),
        new ReachedMaxSizeException("m"),
        new IllegalArgumentException("m"),
        new IllegalStateException("m"),
        new NullPointerException("m"),
        new ClassCastException("m"),
        new IndexOutOfBoundsException("m"),
        new ArrayIndexOutOfBoundsException("m"),
        new UnsupportedOperationException("m"),
        new NoSuchElementException("m"),
        new ConcurrentModificationException("m"),
        new InterruptedException("m"),
        new CancellationException("m"),
        new CompletionException("m", new IOException("cause")),
        new ExecutionException("m", new EOFException("cause")),
        new RejectedExecutionException("m"),
        new TimeoutException("m"),
        new IOException("m"),
        new EOFException("m"),
        new SocketException("m"),
        new OutOfMemoryError("m"),
        new StackOverflowError("m"),
        new NoClassDefFoundError("m"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultIsReadAsItWasSent(Throwable fault) {
    assertThat(read(fault)).hasSameClassAs(fault);

    fault.addSuppressed(new IllegalStateException("beside it"));
    Throwable read = read(fault);

    assertThat(read).hasSameClassAs(fault).hasMessage(fault.getMessage());
    assertThat(read.getStackTrace()).isNotEmpty();
    assertThat(read.getSuppressed()).hasSize(1);
  }

  private Throwable read(Throwable fault) {
    return member.toObject(member.toData(fault));
  }

  @Test
  void nothingElseIsRead() {
    Data sent = member.toData(URI.create("http://elsewhere"));

    assertThatThrownBy(() -> member.toObject(sent)).hasMessageContaining("java.net.URI");
  }
}
