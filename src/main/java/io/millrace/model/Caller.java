package io.millrace.model;

import java.net.InetAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * Who asks. It travels with every request through handlers, coordinators and forwarding, so that
 * each door can authorise and count it.
 *
 * @param principal the authenticated principal; {@code User:ANONYMOUS} on a plain listener
 * @param clientId the client id of the request header; empty when the client sent none
 * @param host address that the request came from
 * @param listener name of the listener that it came in by
 */
public record Caller(
    KafkaPrincipal principal, String clientId, InetAddress host, String listener) {}
