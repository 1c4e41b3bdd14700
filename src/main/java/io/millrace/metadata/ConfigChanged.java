package io.millrace.metadata;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.TreePMap;

/**
 * Dynamic configs of one resource change; keys that are not named stay as they are.
 *
 * @param scope the resource
 * @param set keys with their new values
 * @param removed keys that fall back to their default
 */
public record ConfigChanged(ConfigScope scope, Map<String, String> set, Set<String> removed)
    implements Fact {

  public ConfigChanged {
    set = Collections.unmodifiableMap(new TreeMap<>(set));
    removed = Collections.unmodifiableSet(new TreeSet<>(removed));
  }

  @Override
  public ClusterImage applyTo(ClusterImage image) {
    Preconditions.require(
        scope.kind() != ConfigScope.Kind.TOPIC || image.topic(scope.name()) != null,
        "topic %s does not exist",
        scope.name());
    TreePMap<String, String> next = image.configs(scope).plusAll(set).minusAll(removed);
    return image.withConfigs(scope, next);
  }

  @Override
  public void touch(ClusterImage image, ClusterChange.Touched touched) {
    touched.config(scope);
  }
}
