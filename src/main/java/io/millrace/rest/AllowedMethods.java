package io.millrace.rest;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The methods that each address takes, as the routes have them: what is refused with 405 must be
 * told them (RFC 9110 15.5.6), and the router keeps them to itself. Immutable.
 */
final class AllowedMethods {
  private static final Pattern PARAMETER = Pattern.compile(":\\w+");

  /**
   * @param address null for routes by regular expressions, which take what no other route does
   */
  private record Place(@Nullable Pattern address, Set<HttpMethod> methods) {}

  private final List<Place> places = new ArrayList<>();

  /** Those of all routes that are mounted by now. */
  AllowedMethods(Router router) {
    for (Route route : router.getRoutes()) {
      Set<HttpMethod> methods = route.methods();
      if (methods != null && !methods.isEmpty()) {
        places.add(new Place(addressOf(route), Set.copyOf(methods)));
      }
    }
  }

  private static @Nullable Pattern addressOf(Route route) {
    String path = route.getPath();
    if (path == null) {
      return null;
    }
    String end = route.isExactPath() ? "/?" : ".*";
    String fixed = path.endsWith("*") ? path.substring(0, path.length() - 1) : path;
    return Pattern.compile(PARAMETER.matcher(fixed).replaceAll("[^/]+") + end);
  }

  /** The value of the header {@code Allow} for an address, as the router compares it. */
  String at(String path) {
    Set<String> allowed = new TreeSet<>();
    for (Place place : places) {
      if (place.address != null && place.address.matcher(path).matches()) {
        place.methods.forEach(method -> allowed.add(method.name()));
      }
    }
    if (allowed.isEmpty()) {
      places.stream()
          .filter(place -> place.address == null)
          .forEach(place -> place.methods.forEach(method -> allowed.add(method.name())));
    }
    return String.join(", ", allowed);
  }
}
