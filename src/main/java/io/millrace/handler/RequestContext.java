package io.millrace.handler;

import io.millrace.eventloop.EventLoop;
import io.millrace.model.Caller;
import java.net.InetSocketAddress;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * What travels with a request besides its message.
 *
 * @param api the API that is called
 * @param version version of the API
 * @param caller who asks, by which listener
 * @param dialled local address of the connection: what the client dialled, for answers that name
 *     this broker when {@code advertised.listeners} is unset
 * @param loop the loop of the connection; the answer completes on it
 * @param frame memory behind record slices of the request
 * @param connection tells when the connection ends
 * @param connectionId number of the connection, unique in this process
 * @param clientSoftwareName name that the client gave in ApiVersions (KIP-511), or {@code unknown}
 * @param clientSoftwareVersion version that it gave, or {@code unknown}
 */
public record RequestContext(
    ApiKeys api,
    short version,
    Caller caller,
    InetSocketAddress dialled,
    EventLoop loop,
    FrameRef frame,
    ConnectionScope connection,
    long connectionId,
    String clientSoftwareName,
    String clientSoftwareVersion) {}
