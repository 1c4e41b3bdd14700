package io.millrace.compat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The versions between the oldest and the newest. */
@Tag("long")
@ParameterizedClass
@EnumSource(
    value = ClientVersion.class,
    mode = EnumSource.Mode.EXCLUDE,
    names = {"V2_5_0", "V4_4_0"})
class MoreJavaGroupsTest extends JavaGroupTest {
  MoreJavaGroupsTest(ClientVersion version) {
    super(version);
  }
}
