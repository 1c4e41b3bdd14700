package io.millrace.config;

/**
 * Broker keys that are known and do nothing here, so that files written for Kafka can be used as
 * they are. Sections say why: "noted" keys give a line of information when they are set, "ignored"
 * keys a warning, and "refused" keys stop the start, because going on without them would not be
 * what was asked for. A key has its name, its type, its default (- for none), when it can change
 * (start, live for all brokers, broker for each), and what it is for in Kafka.
 *
 * <p>In a class and not in a file beside it, for which a start would have to open the jar.
 */
final class OtherBrokerKeys {
  static final String TABLE =
      """
      = noted: there is no ZooKeeper here: none is contacted and none is needed
      zookeeper.session.timeout.ms | int | 18000 | start | Session timeout towards ZooKeeper.
      zookeeper.connection.timeout.ms | int | - | start | Longest wait for a connection to ZooKeeper.
      zookeeper.sync.time.ms | int | 2000 | start | How far a follower of ZooKeeper may be behind.
      zookeeper.set.acl | boolean | false | start | Whether nodes in ZooKeeper get access lists.
      zookeeper.max.in.flight.requests | int | 10 | start | Unanswered requests to ZooKeeper.
      zookeeper.ssl.client.enable | boolean | false | start | TLS towards ZooKeeper.
      zookeeper.clientCnxnSocket | string | - | start | Socket class of the client of ZooKeeper.
      zookeeper.ssl.keystore.location | string | - | start | Key store for ZooKeeper.
      zookeeper.ssl.keystore.password | password | - | start | Password of that key store.
      zookeeper.ssl.keystore.type | string | - | start | Format of that key store.
      zookeeper.ssl.truststore.location | string | - | start | Trust store for ZooKeeper.
      zookeeper.ssl.truststore.password | password | - | start | Password of that trust store.
      zookeeper.ssl.truststore.type | string | - | start | Format of that trust store.
      zookeeper.ssl.protocol | string | TLSv1.2 | start | TLS version for ZooKeeper.
      zookeeper.ssl.enabled.protocols | list | - | start | TLS versions allowed for ZooKeeper.
      zookeeper.ssl.cipher.suites | list | - | start | Ciphers allowed for ZooKeeper.
      zookeeper.ssl.endpoint.identification.algorithm | string | HTTPS | start | Check of the host name of ZooKeeper.
      zookeeper.ssl.crl.enable | boolean | false | start | Revocation lists for ZooKeeper.
      zookeeper.ssl.ocsp.enable | boolean | false | start | Revocation by OCSP for ZooKeeper.
      zookeeper.metadata.migration.enable | boolean | false | start | Move from ZooKeeper to KRaft.
      zookeeper.metadata.migration.min.batch.size | int | 200 | start | Records per step of that move.

      = refused: it was taken out of Kafka 3.0; write listeners and advertised.listeners instead
      host.name | string | - | start | Address to listen on, before there were listeners.
      port | int | 9092 | start | Port to listen on, before there were listeners.
      advertised.host.name | string | - | start | Host told to clients, before there were listeners.
      advertised.port | int | - | start | Port told to clients, before there were listeners.

      = ignored: there is one format of records and messages here, the newest
      inter.broker.protocol.version | string | - | start | Version that brokers speak to each other.
      log.message.format.version | string | - | start | Version of the stored records.
      log.message.downconversion.enable | boolean | true | start | Conversion of records for clients older than 0.11.
      unstable.api.versions.enable | boolean | false | start | Whether unfinished versions of APIs are offered.
      unstable.feature.versions.enable | boolean | false | start | Whether unfinished features are offered.
      eligible.leader.replicas.enable | boolean | false | start | Eligible leader replicas (KIP-966).

      = ignored: newer keys took its place
      log.message.timestamp.difference.max.ms | long | 9223372036854775807 | start | How far a timestamp may lie from the broker's clock, both ways.
      quota.producer.default | long | 9223372036854775807 | start | Bytes per second of each producer, before quotas were dynamic.
      quota.consumer.default | long | 9223372036854775807 | start | Bytes per second of each consumer, before quotas were dynamic.
      broker.id.generation.enable | boolean | true | start | Whether ids are given to brokers that have none.
      reserved.broker.max.id | int | 1000 | start | Largest id that may be written by hand.
      control.plane.listener.name | string | - | start | Listener for the controller's commands.
      controlled.shutdown.max.retries | int | 3 | start | Attempts to hand leadership over before stopping.
      controlled.shutdown.retry.backoff.ms | long | 5000 | start | Pause between those attempts.
      offsets.commit.required.acks | short | -1 | start | Acknowledgements that a commit waits for.
      group.coordinator.new.enable | boolean | true | start | The rewritten group coordinator.
      auto.include.jmx.reporter | boolean | true | start | Whether metrics appear in JMX without being asked for.

      = ignored: brokers here hold a lease of 3 s, which is renewed by heartbeats and has no key
      broker.heartbeat.interval.ms | int | 2000 | start | How often a broker reports to the controller.
      broker.session.timeout.ms | int | 9000 | start | Silence after which the controller counts a broker as gone.

      = ignored: a broker that is not admitted asks again, and says why, until it is stopped
      initial.broker.registration.timeout.ms | int | 60000 | start | Longest wait of a new broker for its registration.

      = ignored: a broker that is stopped always hands its leadership over first
      controlled.shutdown.enable | boolean | true | start | Whether leadership is handed over before stopping.

      = ignored: voters of the metadata log are chosen by the brokers themselves, and its timing has no keys
      controller.quorum.voters | list |  | start | Voters of the metadata quorum: id@host:port.
      controller.quorum.bootstrap.servers | list |  | start | Addresses where the metadata quorum is found.
      controller.quorum.auto.join.enable | boolean | false | start | Whether a controller joins the voters by itself.
      controller.quorum.append.linger.ms | int | 25 | start | How long the metadata leader gathers records.
      controller.quorum.election.backoff.max.ms | int | 1000 | start | Longest pause between two elections.
      controller.quorum.election.timeout.ms | int | 1000 | start | Silence after which an election starts.
      controller.quorum.fetch.max.bytes | int | 1048576 | start | Most bytes of metadata in one fetch.
      controller.quorum.fetch.snapshot.max.bytes | int | 1048576 | start | Most bytes of a snapshot in one fetch.
      controller.quorum.fetch.timeout.ms | int | 2000 | start | Silence of the leader that a voter bears.
      controller.quorum.request.timeout.ms | int | 2000 | start | Timeout of requests between voters.
      controller.quorum.retry.backoff.ms | int | 20 | start | Pause before a request between voters is repeated.

      = ignored: there is no such summary
      controller.performance.always.log.threshold.ms | long | 2000 | start | Duration from which a slow controller event is logged.
      controller.performance.sample.period.ms | long | 60000 | start | How often slow controller events are summed up.

      = ignored: an unclean election is held as soon as it is allowed
      unclean.leader.election.interval.ms | long | 300000 | start | How often unclean elections are tried.

      = ignored: brokers talk to each other on cluster.port, without TLS or login
      inter.broker.listener.name | string | - | start | Listener by which brokers reach each other.
      security.inter.broker.protocol | string | PLAINTEXT | start | Security protocol between brokers.

      = ignored: one connection to each other broker copies all partitions that it leads
      num.replica.fetchers | int | 1 | live | Threads that copy from one other broker.

      = ignored: the system sizes the buffers of connections between brokers
      replica.socket.receive.buffer.bytes | int | 65536 | start | Receive buffer of a follower.

      = ignored: up to four moves between folders run side by side, each a step at a time
      num.replica.alter.log.dirs.threads | int | - | start | Threads that move replicas between folders.

      = ignored: requests between brokers have timeouts of their own
      controller.socket.timeout.ms | int | 30000 | start | Timeout of connections between controller and brokers.
      socket.connection.setup.timeout.ms | long | 10000 | start | First timeout of a new connection to a broker.
      socket.connection.setup.timeout.max.ms | long | 30000 | start | Longest timeout of a new connection to a broker.

      = ignored: throttles here have no samples: each is an allowance that fills up as time goes by
      alter.log.dirs.replication.quota.window.num | int | 11 | start | Samples kept for the throttle of moves.
      alter.log.dirs.replication.quota.window.size.seconds | int | 1 | start | Length of those samples.
      replication.quota.window.num | int | 11 | start | Samples kept for the throttle of replication.
      replication.quota.window.size.seconds | int | 1 | start | Length of those samples.

      = ignored: brokers here need no roles and no separate metadata log; the metadata stands in the first of log.dirs
      process.roles | list | - | start | Whether a node is broker, controller or both.
      metadata.log.dir | string | - | start | Folder of the metadata log.
      metadata.log.max.record.bytes.between.snapshots | long | 20971520 | start | Bytes of metadata between two snapshots.
      metadata.log.max.snapshot.interval.ms | long | 3600000 | start | Time between two snapshots of the metadata.
      metadata.log.segment.bytes | int | 1073741824 | start | Segment size of the metadata log.
      metadata.log.segment.ms | long | 604800000 | start | Age at which a metadata segment is closed.
      metadata.max.idle.interval.ms | int | 500 | start | Pause between empty metadata records.
      metadata.max.retention.bytes | long | 104857600 | start | Size at which old metadata is deleted.
      metadata.max.retention.ms | long | 604800000 | start | Age at which old metadata is deleted.
      internal.metadata.delete.delay.millis | long | 60000 | start | Delay before metadata files are removed.
      internal.metadata.log.segment.bytes | int | - | start | Segment size of the metadata log, for tests.
      internal.metadata.max.batch.size.in.bytes | int | 8388608 | start | Largest batch of metadata.
      server.max.startup.time.ms | long | 9223372036854775807 | start | Longest time that a start may take.
      log.dir.failure.timeout.ms | long | 30000 | start | How long a broker with a failed folder tries to report it.

      = ignored: work is not handed from thread to thread here, so there is no such pool
      num.io.threads | int | 8 | live | Threads that work on requests.
      background.threads | int | 10 | live | Threads for chores.
      group.coordinator.threads | int | 4 | start | Threads of the group coordinator.
      group.coordinator.background.threads | int | 2 | start | Threads for chores of the group coordinator.
      group.coordinator.append.linger.ms | int | -1 | start | How long the group coordinator gathers records.
      group.coordinator.cached.buffer.max.bytes | int | 1048588 | live | Largest buffer that the group coordinator keeps.
      log.initial.task.delay.ms | long | 30000 | start | Delay of the first chores after the start.

      = ignored: waiting requests are woken and dropped at once, so there is nothing to purge
      fetch.purgatory.purge.interval.requests | int | 1000 | start | Waiting fetches after which finished ones are dropped.
      producer.purgatory.purge.interval.requests | int | 1000 | start | Waiting produces after which finished ones are dropped.
      delete.records.purgatory.purge.interval.requests | int | 1 | start | Waiting deletions after which finished ones are dropped.
      share.fetch.purgatory.purge.interval.requests | int | 1000 | start | Waiting share fetches after which finished ones are dropped.

      = ignored: this version does not know transactions yet
      add.partitions.to.txn.retry.backoff.ms | int | 20 | start | Pause before a transaction's partition is asked for again.
      add.partitions.to.txn.retry.backoff.max.ms | int | 100 | start | Longest such pause.
      transaction.abort.timed.out.transaction.cleanup.interval.ms | int | 10000 | start | How often timed-out transactions are aborted.
      transaction.max.timeout.ms | int | 900000 | start | Longest timeout that a transaction may have.
      transaction.partition.verification.enable | boolean | true | live | Whether a partition asks if its transaction is open.
      transaction.remove.expired.transaction.cleanup.interval.ms | int | 3600000 | start | How often expired transactional ids are removed.
      transaction.state.log.load.buffer.size | int | 5242880 | start | Bytes read at a time when transactions are loaded.
      transaction.state.log.min.isr | int | 2 | start | Replicas that must have a change of a transaction.
      transaction.state.log.num.partitions | int | 50 | start | Partitions of __transaction_state.
      transaction.state.log.replication.factor | short | 3 | start | Replicas of __transaction_state.
      transaction.state.log.segment.bytes | int | 104857600 | start | Segment size of __transaction_state.
      transaction.two.phase.commit.enable | boolean | false | start | Transactions that an outside coordinator commits.
      transactional.id.expiration.ms | int | 604800000 | start | How long an unused transactional id is remembered.

      = ignored: this version knows the classic group protocol only
      group.coordinator.rebalance.protocols | list | classic,consumer,streams | start | Group protocols that are offered.
      group.consumer.assignment.interval.ms | int | 1000 | live | Least time between two assignments of a group.
      group.consumer.min.assignment.interval.ms | int | 0 | start | Least value of that time for a group.
      group.consumer.max.assignment.interval.ms | int | 15000 | start | Largest value of that time for a group.
      group.consumer.assignors | list | uniform,range | start | Assignors that the broker offers.
      group.consumer.heartbeat.interval.ms | int | 5000 | start | Heartbeat interval of the new protocol.
      group.consumer.min.heartbeat.interval.ms | int | 5000 | start | Least heartbeat interval of a group.
      group.consumer.max.heartbeat.interval.ms | int | 15000 | start | Largest heartbeat interval of a group.
      group.consumer.session.timeout.ms | int | 45000 | start | Session timeout of the new protocol.
      group.consumer.min.session.timeout.ms | int | 45000 | start | Least session timeout of a group.
      group.consumer.max.session.timeout.ms | int | 60000 | start | Largest session timeout of a group.
      group.consumer.max.size | int | 2147483647 | start | Most members of a group of the new protocol.
      group.consumer.migration.policy | string | bidirectional | start | Which groups may change their protocol.
      group.consumer.regex.refresh.interval.ms | int | 600000 | start | How often subscriptions by pattern are resolved again.
      group.streams.assignment.interval.ms | int | 1000 | live | Least time between two assignments of a Streams group.
      group.streams.min.assignment.interval.ms | int | 0 | start | Least value of that time.
      group.streams.max.assignment.interval.ms | int | 15000 | start | Largest value of that time.
      group.streams.heartbeat.interval.ms | int | 5000 | start | Heartbeat interval of Streams groups.
      group.streams.min.heartbeat.interval.ms | int | 5000 | start | Least heartbeat interval of Streams groups.
      group.streams.max.heartbeat.interval.ms | int | 15000 | start | Largest heartbeat interval of Streams groups.
      group.streams.session.timeout.ms | int | 45000 | start | Session timeout of Streams groups.
      group.streams.min.session.timeout.ms | int | 45000 | start | Least session timeout of Streams groups.
      group.streams.max.session.timeout.ms | int | 60000 | start | Largest session timeout of Streams groups.
      group.streams.initial.rebalance.delay.ms | int | 3000 | start | First wait of an empty Streams group.
      group.streams.max.size | int | 2147483647 | start | Most members of a Streams group.
      group.streams.max.standby.replicas | int | 2 | start | Most standby replicas of a Streams group.
      group.streams.num.standby.replicas | int | 0 | start | Standby replicas of a Streams group.
      group.streams.acceptable.recovery.lag | long | 10000 | start | Lag up to which a client of a Streams group counts as caught up.
      group.streams.assignor.offload.enable | boolean | true | start | Whether assignments of Streams groups run in the background.
      group.streams.assignors | list | sticky | start | Assignors offered to Streams groups.
      group.streams.max.warmup.replicas | int | 20 | start | Most warm-up replicas of a Streams group.
      group.streams.min.task.offset.interval.ms | int | 15000 | start | Least interval in which Streams clients tell their offsets.
      group.streams.num.warmup.replicas | int | 2 | start | Warm-up replicas of a Streams group.
      group.streams.rack.aware.assignment.tags | list |  | start | Tags by which standby replicas are spread.
      group.streams.task.offset.interval.ms | int | 60000 | start | How often Streams clients tell their offsets.
      group.streams.topology.description.plugin.class | class | - | start | Class that keeps descriptions of topologies.
      group.consumer.assignor.offload.enable | boolean | true | start | Whether assignments of consumer groups run in the background.
      group.share.assignor.offload.enable | boolean | true | start | Whether assignments of share groups run in the background.
      group.share.dlq.manager.class.name | string | org.apache.kafka.server.share.dlq.DefaultShareGroupDLQManager | start | Class that writes dead letters of share groups.
      errors.deadletterqueue.auto.create.topics.enable | boolean | false | start | Whether topics for dead letters are made when they are missing.
      errors.deadletterqueue.topic.name.prefix | string | dlq. | start | How the names of topics for dead letters must begin.
      group.share.assignment.interval.ms | int | 1000 | live | Least time between two assignments of a share group.
      group.share.min.assignment.interval.ms | int | 0 | start | Least value of that time.
      group.share.max.assignment.interval.ms | int | 15000 | start | Largest value of that time.
      group.share.assignors | list | simple | start | Assignors of share groups.
      group.share.delivery.count.limit | int | 5 | start | How often a record is delivered before it is given up.
      group.share.min.delivery.count.limit | int | 2 | start | Least value of that count for a group.
      group.share.max.delivery.count.limit | int | 10 | start | Largest value of that count for a group.
      group.share.heartbeat.interval.ms | int | 5000 | start | Heartbeat interval of share groups.
      group.share.min.heartbeat.interval.ms | int | 5000 | start | Least heartbeat interval of share groups.
      group.share.max.heartbeat.interval.ms | int | 15000 | start | Largest heartbeat interval of share groups.
      group.share.session.timeout.ms | int | 45000 | start | Session timeout of share groups.
      group.share.min.session.timeout.ms | int | 45000 | start | Least session timeout of share groups.
      group.share.max.session.timeout.ms | int | 60000 | start | Largest session timeout of share groups.
      group.share.initialize.retry.interval.ms | int | 30000 | start | Pause before a share group's start is tried again.
      group.share.partition.max.record.locks | int | 2000 | start | Records of a partition that may be out for delivery.
      group.share.min.partition.max.record.locks | int | 100 | start | Least value of that count for a group.
      group.share.max.partition.max.record.locks | int | 4000 | start | Largest value of that count for a group.
      group.share.record.lock.duration.ms | int | 30000 | start | How long a delivered record is locked.
      group.share.min.record.lock.duration.ms | int | 15000 | start | Least value of that duration for a group.
      group.share.max.record.lock.duration.ms | int | 60000 | start | Largest value of that duration for a group.
      group.share.max.share.sessions | int | 2000 | start | Share sessions that are remembered.
      group.share.max.size | int | 200 | start | Most members of a share group.
      group.share.persister.class.name | string | org.apache.kafka.server.share.persister.DefaultStatePersister | start | Class that keeps the state of share groups.
      share.coordinator.append.linger.ms | int | -1 | start | How long the share coordinator gathers records.
      share.coordinator.cached.buffer.max.bytes | int | 1048588 | live | Largest buffer that the share coordinator keeps.
      share.coordinator.cold.partition.snapshot.interval.ms | int | 300000 | start | How often quiet share partitions are saved.
      share.coordinator.load.buffer.size | int | 5242880 | start | Bytes read at a time when share state is loaded.
      share.coordinator.snapshot.update.records.per.snapshot | int | 500 | start | Changes between two snapshots of share state.
      share.coordinator.state.topic.compression.codec | int | 0 | start | Codec of __share_group_state.
      share.coordinator.state.topic.min.isr | short | 2 | start | Replicas that must have a change of share state.
      share.coordinator.state.topic.num.partitions | int | 50 | start | Partitions of __share_group_state.
      share.coordinator.state.topic.prune.interval.ms | int | 300000 | start | How often old share state is deleted.
      share.coordinator.state.topic.replication.factor | short | 3 | start | Replicas of __share_group_state.
      share.coordinator.state.topic.segment.bytes | int | 104857600 | start | Segment size of __share_group_state.
      share.coordinator.threads | int | 1 | start | Threads of the share coordinator.
      share.coordinator.write.timeout.ms | int | 5000 | start | Longest wait of a write of share state.

      = refused: this version has no access control
      authorizer.class.name | string |  | start | Class that decides who may do what.
      super.users | string | - | start | Principals that may do everything.
      allow.everyone.if.no.acl.found | boolean | false | start | Whether all may use what has no rule.
      alter.config.policy.class.name | class | - | start | Class that judges changes of configuration.
      create.topic.policy.class.name | class | - | start | Class that judges new topics.
      client.quota.callback.class | class | - | start | Class that decides quotas.
      principal.builder.class | class | org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder | broker | Class that names the principal of a connection.
      ssl.client.auth | string | none | broker | Whether clients must show a certificate.

      = refused: records are kept on the brokers' disks only
      remote.log.storage.system.enable | boolean | false | start | Storage of old segments elsewhere.
      remote.log.storage.manager.class.name | string | - | start | Class that stores segments elsewhere.

      = ignored: records are kept on the brokers' disks only
      follower.fetch.last.tiered.offset.enable | boolean | false | live | Whether a new replica starts at what is not stored elsewhere.
      log.local.retention.bytes | long | -2 | live | Size at which local copies are deleted.
      log.local.retention.ms | long | -2 | live | Age at which local copies are deleted.
      log.remote.copy.lag.bytes | long | -1 | live | Newer bytes after which a segment is stored elsewhere.
      log.remote.copy.lag.ms | long | 0 | live | Age after which a segment is stored elsewhere.
      remote.fetch.max.wait.ms | int | 500 | live | Longest wait for records from elsewhere.
      remote.list.offsets.request.timeout.ms | long | 30000 | live | Longest wait for an offset from elsewhere.
      remote.log.index.file.cache.total.size.bytes | long | 1073741824 | live | Memory for indexes of remote segments.
      remote.log.index.file.cache.ttl.ms | long | 900000 | start | How long such an index is kept.
      remote.log.manager.copier.thread.pool.size | int | 10 | live | Threads that copy segments away.
      remote.log.manager.copy.max.bytes.per.second | long | 9223372036854775807 | live | Bytes per second that are copied away.
      remote.log.manager.copy.quota.window.num | int | 11 | start | Samples kept for that rate.
      remote.log.manager.copy.quota.window.size.seconds | int | 1 | start | Length of those samples.
      remote.log.manager.expiration.thread.pool.size | int | 10 | live | Threads that delete remote segments.
      remote.log.manager.fetch.max.bytes.per.second | long | 9223372036854775807 | live | Bytes per second that are fetched back.
      remote.log.manager.fetch.quota.window.num | int | 11 | start | Samples kept for that rate.
      remote.log.manager.fetch.quota.window.size.seconds | int | 1 | start | Length of those samples.
      remote.log.manager.follower.thread.pool.size | int | 2 | live | Threads for remote work of followers.
      remote.log.manager.task.interval.ms | long | 30000 | start | How often remote chores run.
      remote.log.manager.task.retry.backoff.max.ms | long | 30000 | start | Longest pause before a remote chore is repeated.
      remote.log.manager.task.retry.backoff.ms | long | 500 | start | First pause before a remote chore is repeated.
      remote.log.manager.task.retry.jitter | double | 0.2 | start | Spread of that pause.
      remote.log.manager.thread.pool.size | int | 2 | start | Threads for remote chores.
      remote.log.metadata.custom.metadata.max.bytes | int | 128 | start | Most bytes of a plugin's own metadata.
      remote.log.metadata.manager.class.name | string | org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager | start | Class that remembers remote segments.
      remote.log.metadata.manager.class.path | string | - | start | Where that class is found.
      remote.log.metadata.manager.impl.prefix | string | rlmm.config. | start | Prefix of that class's own keys.
      remote.log.metadata.manager.listener.name | string | - | start | Listener that this class uses.
      remote.log.reader.max.pending.tasks | int | 100 | start | Waiting remote reads.
      remote.log.reader.threads | int | 10 | live | Threads for remote reads.
      remote.log.storage.manager.class.path | string | - | start | Where the class is found that stores segments elsewhere.
      remote.log.storage.manager.impl.prefix | string | rsm.config. | start | Prefix of that class's own keys.

      = ignored: this version offers no TLS and no login, so listeners are PLAINTEXT
      connection.failed.authentication.delay.ms | int | 100 | start | Pause before a failed login is answered.
      connections.max.reauth.ms | long | 0 | start | Age at which a login must be renewed.
      delegation.token.expiry.check.interval.ms | long | 3600000 | start | How often expired tokens are removed.
      delegation.token.expiry.time.ms | long | 86400000 | start | How long a token holds without renewal.
      delegation.token.master.key | password | - | start | Older name of delegation.token.secret.key.
      delegation.token.max.lifetime.ms | long | 604800000 | start | Longest life of a token.
      delegation.token.secret.key | password | - | start | Secret from which tokens are made.
      password.encoder.secret | password | - | start | Secret for passwords kept in ZooKeeper.
      password.encoder.old.secret | password | - | start | The secret before the present one.
      password.encoder.keyfactory.algorithm | string | - | start | How the key comes from that secret.
      password.encoder.cipher.algorithm | string | AES/CBC/PKCS5Padding | start | Cipher of those passwords.
      password.encoder.key.length | int | 128 | start | Key length of that cipher.
      password.encoder.iterations | int | 4096 | start | Iterations of that key.
      security.providers | string | - | start | Classes of security providers.
      sasl.client.callback.handler.class | class | - | start | Callbacks of the login towards brokers.
      sasl.enabled.mechanisms | list | GSSAPI | broker | Ways to log in that are offered.
      sasl.jaas.config | password | - | broker | Settings of a login.
      sasl.kerberos.kinit.cmd | string | /usr/bin/kinit | broker | Path of kinit.
      sasl.kerberos.min.time.before.relogin | long | 60000 | broker | Least pause between two Kerberos logins.
      sasl.kerberos.principal.to.local.rules | list | DEFAULT | broker | Rules from Kerberos principals to names.
      sasl.kerberos.service.name | string | - | broker | Name of the service in Kerberos.
      sasl.kerberos.ticket.renew.jitter | double | 0.05 | broker | Spread of the renewal of tickets.
      sasl.kerberos.ticket.renew.window.factor | double | 0.8 | broker | Share of a ticket's life after which it is renewed.
      sasl.login.callback.handler.class | class | - | start | Callbacks of the broker's own login.
      sasl.login.class | class | - | start | Class of the broker's own login.
      sasl.login.connect.timeout.ms | int | - | start | Longest wait for a connection to an identity provider.
      sasl.login.read.timeout.ms | int | - | start | Longest wait for an answer of an identity provider.
      sasl.login.refresh.buffer.seconds | short | 300 | broker | Time before its end at which a login is renewed.
      sasl.login.refresh.min.period.seconds | short | 60 | broker | Least time between two renewals.
      sasl.login.refresh.window.factor | double | 0.8 | broker | Share of a login's life after which it is renewed.
      sasl.login.refresh.window.jitter | double | 0.05 | broker | Spread of that share.
      sasl.login.retry.backoff.max.ms | long | 10000 | start | Longest pause before a login is tried again.
      sasl.login.retry.backoff.ms | long | 100 | start | First pause before a login is tried again.
      sasl.mechanism.controller.protocol | string | GSSAPI | start | Way to log in to controllers.
      sasl.mechanism.inter.broker.protocol | string | GSSAPI | broker | Way to log in to other brokers.
      sasl.oauthbearer.assertion.algorithm | string | RS256 | start | Signature of an assertion.
      sasl.oauthbearer.allow.unverified.audience | boolean | false | start | Whether tokens are taken without a look at their audience.
      sasl.oauthbearer.allow.unverified.issuer | boolean | false | start | Whether tokens are taken without a look at their issuer.
      sasl.oauthbearer.assertion.claim.aud | string | - | start | Audience in an assertion.
      sasl.oauthbearer.assertion.claim.exp.seconds | int | 300 | start | Life of an assertion.
      sasl.oauthbearer.assertion.claim.iss | string | - | start | Issuer in an assertion.
      sasl.oauthbearer.assertion.claim.jti.include | boolean | false | start | Whether an assertion has an id.
      sasl.oauthbearer.assertion.claim.nbf.seconds | int | 60 | start | How long before now an assertion begins.
      sasl.oauthbearer.assertion.claim.sub | string | - | start | Subject of an assertion.
      sasl.oauthbearer.assertion.file | string | - | start | File with a ready assertion.
      sasl.oauthbearer.assertion.private.key.file | string | - | start | File with the key of assertions.
      sasl.oauthbearer.assertion.private.key.passphrase | password | - | start | Passphrase of that key.
      sasl.oauthbearer.assertion.template.file | string | - | start | File with a template of assertions.
      sasl.oauthbearer.client.credentials.client.id | string | - | start | Client id for an identity provider.
      sasl.oauthbearer.client.credentials.client.secret | password | - | start | Secret for an identity provider.
      sasl.oauthbearer.clock.skew.seconds | int | 30 | start | Difference of clocks that is borne.
      sasl.oauthbearer.expected.audience | list |  | start | Audience that a token must have.
      sasl.oauthbearer.expected.issuer | string | - | start | Issuer that a token must have.
      sasl.oauthbearer.header.urlencode | boolean | false | start | Whether credentials are URL-encoded in the header.
      sasl.oauthbearer.jwks.endpoint.refresh.ms | long | 3600000 | start | How often the keys of an identity provider are read.
      sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms | long | 10000 | start | Longest pause before they are read again.
      sasl.oauthbearer.jwks.endpoint.retry.backoff.ms | long | 100 | start | First pause before they are read again.
      sasl.oauthbearer.jwks.endpoint.url | string | - | start | Where the keys of an identity provider are.
      sasl.oauthbearer.jwt.retriever.class | class | org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever | start | Class that gets tokens.
      sasl.oauthbearer.jwt.validator.class | class | org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator | start | Class that checks tokens.
      sasl.oauthbearer.scope | string | - | start | Scope asked for.
      sasl.oauthbearer.scope.claim.name | string | scope | start | Name of the scope in a token.
      sasl.oauthbearer.sub.claim.name | string | sub | start | Name of the subject in a token.
      sasl.oauthbearer.token.endpoint.url | string | - | start | Where tokens are got.
      sasl.server.callback.handler.class | class | - | start | Callbacks of logins of clients.
      sasl.server.max.receive.size | int | 524288 | start | Largest message of a login.
      ssl.allow.dn.changes | boolean | false | start | Whether a new certificate may have another name.
      ssl.allow.san.changes | boolean | false | start | Whether a new certificate may have other alternative names.
      ssl.cipher.suites | list |  | broker | Ciphers allowed.
      ssl.enabled.protocols | list | TLSv1.2,TLSv1.3 | broker | TLS versions allowed.
      ssl.endpoint.identification.algorithm | string | https | broker | Check of host names.
      ssl.engine.factory.class | class | - | broker | Class that makes TLS engines.
      ssl.key.password | password | - | broker | Password of the private key.
      ssl.keymanager.algorithm | string | SunX509 | broker | Algorithm of the key manager.
      ssl.keystore.certificate.chain | password | - | broker | Certificates, as text.
      ssl.keystore.key | password | - | broker | Private key, as text.
      ssl.keystore.location | string | - | broker | File with key and certificates.
      ssl.keystore.password | password | - | broker | Password of that file.
      ssl.keystore.type | string | JKS | broker | Format of that file.
      ssl.principal.mapping.rules | string | DEFAULT | start | Rules from certificate names to principals.
      ssl.protocol | string | TLSv1.3 | broker | TLS version of new connections.
      ssl.provider | string | - | broker | Security provider of TLS.
      ssl.secure.random.implementation | string | - | broker | Source of random numbers for TLS.
      ssl.trustmanager.algorithm | string | PKIX | broker | Algorithm of the trust manager.
      ssl.truststore.certificates | password | - | broker | Trusted certificates, as text.
      ssl.truststore.location | string | - | broker | File with trusted certificates.
      ssl.truststore.password | password | - | broker | Password of that file.
      ssl.truststore.type | string | JKS | broker | Format of that file.

      = ignored: metrics are not given out by Kafka's reporters
      kafka.metrics.polling.interval.secs | int | 10 | start | How often Yammer metrics are read.
      kafka.metrics.reporters | list |  | start | Classes that report Yammer metrics.
      metric.reporters | list | org.apache.kafka.common.metrics.JmxReporter | live | Classes that report metrics.
      metrics.num.samples | int | 2 | start | Samples of a metric.
      metrics.recording.level | string | INFO | start | How much is measured.
      metrics.sample.window.ms | long | 30000 | start | Length of a sample.
      telemetry.max.bytes | int | 1048576 | start | Most bytes of metrics that a client may send.

      = ignored: quotas are not enforced yet
      controller.quota.window.num | int | 11 | start | Samples kept for the quota of changes.
      controller.quota.window.size.seconds | int | 1 | start | Length of those samples.
      quota.window.num | int | 11 | start | Samples kept for quotas of clients.
      quota.window.size.seconds | int | 1 | start | Length of those samples.

      = ignored: no foreign classes are loaded, and there is nothing to wait for
      early.start.listeners | list | - | start | Listeners that open before access rules are loaded.
      config.providers | list |  | live | Classes that look up values elsewhere.
      cordoned.log.dirs | list |  | broker | Folders that get no new partitions.

      = ignored: records are bounded by a limit of the whole broker when they are decompressed
      max.decompressed.message.bytes | int | 2147483639 | live | Largest record after decompression.
      """;

  private OtherBrokerKeys() {}
}
