# Part of bin/millrace: finds the Java that runs it.

# What to type on this system to have one.
java_hint() {
  local line id=
  if [ -r /etc/os-release ]; then
    while IFS= read -r line; do
      case $line in ID=* | ID_LIKE=*) line=${line#*=}; id="$id ${line//\"/}" ;; esac
    done </etc/os-release
  elif [ "$(uname -s)" = Darwin ]; then
    id=darwin
  fi
  case $id in
    *amzn*) echo "sudo yum install java-17-amazon-corretto-headless" ;;
    *debian* | *ubuntu*) echo "sudo apt-get install openjdk-17-jre-headless" ;;
    *rhel* | *fedora* | *centos*) echo "sudo yum install java-17-openjdk-headless" ;;
    *suse*) echo "sudo zypper install java-17-openjdk-headless" ;;
    *alpine*) echo "apk add openjdk17-jre-headless" ;;
    *arch*) echo "sudo pacman -S jre17-openjdk-headless" ;;
    darwin) echo "brew install openjdk@17" ;;
    *) echo "install the package of OpenJDK 17 or newer" ;;
  esac
}

# Sets java, release (17.0.15) and major (17): of JAVA_HOME, else of the path.
find_java() {
  local root line
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] ||
      fail "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it: correct it, or unset it and: $(java_hint)"
  else
    hash java 2>/dev/null || fail "Millrace needs Java 17 or newer, and there is none: $(java_hint)"
    java=${BASH_CMDS[java]:-}
    [ -n "$java" ] || java=$(command -v java)
  fi
  # The release file tells the version at no cost; else Java is asked.
  root=$java
  [ ! -L "$root" ] || root=$(readlink -f "$root")
  root=${root%/bin/java}
  release=
  if [ -r "$root/release" ]; then
    while IFS= read -r line; do
      case $line in JAVA_VERSION=*) release=${line#*=}; release=${release//[\"$'\r']/} ;; esac
    done <"$root/release"
  fi
  # Under one name, whichever link led there: the class archive is made for it.
  [ ! -x "$root/bin/java" ] || java=$root/bin/java
  [ -n "$release" ] || release=$("$java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p') || true
  major=${release#1.}; major=${major%%[!0-9]*}
  [ -n "$major" ] && [ "$major" -ge 17 ] ||
    fail "Millrace needs Java 17 or newer, but $java is Java ${release:-of an unknown version}: $(java_hint)${JAVA_HOME:+ (JAVA_HOME chose this one)}"
}
