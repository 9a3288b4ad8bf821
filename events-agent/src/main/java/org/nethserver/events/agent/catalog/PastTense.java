package org.nethserver.events.agent.catalog;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Guesses whether the last word of an event name is in the past tense. It knows regular forms, the
 * irregular ones that fit an event, and particles ({@code user-logged-in}). Forms that the present
 * shares ({@code set}, {@code run}) pass.
 */
final class PastTense {
  private static final Set<String> IRREGULAR =
      words(
          """
          became become been began begun bent bet bid bitten blown bought bound broke broken brought
          built burnt burst came cast caught chose chosen come cost crept cut dealt did done drawn
          drew driven drove dug eaten fallen fed fell felt flew flown forbidden forgot forgotten
          fought found froze frozen gave given gone got gotten grew ground grown hanged heard held hid
          hidden hit hung hurt kept knew known laid lain led left lent let lit lost made meant met
          mown paid proven put quit ran rang read rid ridden risen rode rose run rung said sang sank
          sat saw sawn seen sent set shaken shed shone shook shot shown shrank shrunk shut slept slid
          sold sought spent split spoke spoken spread sprang sprung spun stole stolen stood struck
          stuck sung sunk swept swollen swore sworn swum swung taken taught thought threw thrown told
          took tore torn undergone underwent understood upheld went withdrawn withdrew withheld woke
          woken won wore worn wound woven written wrote\
          """);

  /** Words in -ed that are no verbs, or verbs in the present. */
  private static final Set<String> NOT_PAST =
      words("bed biped embed hundred infrared moped naked red sacred seabed shred sled wed wicked");

  /** Words in -eed are mostly present or nouns (feed, speed, succeed), but for these. */
  private static final Set<String> PAST_IN_EED =
      words("agreed decreed disagreed freed guaranteed refereed");

  private static final Set<String> PARTICLES =
      words("again apart away back down in off on out over through together up");

  private static final String[] PREFIXES = {"re", "un", "over", "mis", "under", "pre"};

  private static final Map<String, String> SUGGESTIONS = suggestions();

  private PastTense() {}

  /** Tells whether a name in kebab-case ends in the past tense. */
  static boolean endsName(String name) {
    String word = lastWord(name);
    if (PARTICLES.contains(word) && word.length() < name.length()) {
      word = lastWord(withoutLastWord(name));
    }
    return isPast(word);
  }

  /** Returns the name in the past tense, where its last word is a known one. */
  static Optional<String> suggest(String name) {
    String past = SUGGESTIONS.get(lastWord(name));
    if (past == null) {
      return Optional.empty();
    }
    String start = withoutLastWord(name);
    return Optional.of(start.isEmpty() ? past : start + "-" + past);
  }

  private static boolean isPast(String word) {
    if (IRREGULAR.contains(word)) {
      return true;
    }
    for (String prefix : PREFIXES) {
      if (word.startsWith(prefix) && IRREGULAR.contains(word.substring(prefix.length()))) {
        return true;
      }
    }
    if (word.endsWith("eed")) {
      return PAST_IN_EED.contains(word);
    }
    return word.length() > 3 && word.endsWith("ed") && !NOT_PAST.contains(word);
  }

  private static String lastWord(String name) {
    return name.substring(name.lastIndexOf('-') + 1);
  }

  private static String withoutLastWord(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('-')));
  }

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }

  private static Map<String, String> suggestions() {
    Map<String, String> past = new HashMap<>();
    for (String verb :
        words(
            """
            activate add approve arrive assign attach block cancel change clean clear clone close
            complete configure confirm connect create delete deny deploy destroy detach disable
            disconnect download enable end enter error exit expire export fail finish fix fetch grant
            import increase decrease install join kill launch load lock migrate mount move open pause
            promote publish push reboot receive refresh register reject release reload remove rename
            renew replace request resolve restart restore resume revoke save schedule start subscribe
            suspend switch sync terminate trigger unlock unregister uninstall unmount update upgrade
            upload validate verify warn\
            """)) {
      past.put(verb, regular(verb));
    }
    String[] pairs =
        """
        ban banned begin begun bind bound break broken build built choose chosen commit committed
        do done drop dropped fall fallen find found freeze frozen give given go gone hide hidden
        keep kept leave left log logged lose lost make made map mapped pay paid plan planned
        rebuild rebuilt resend resent sell sold send sent skip skipped stop stopped submit submitted
        swap swapped take taken throw thrown transfer transferred unbind unbound write written
        addition added activation activated backup backed-up creation created deletion deleted
        failover failed-over failure failed installation installed login logged-in logout logged-out
        migration migrated registration registered removal removed rollback rolled-back
        setup set-up shutdown shut-down startup started expiry expired loss lost\
        """
            .split("\\s+");
    for (int i = 0; i < pairs.length; i += 2) {
      past.put(pairs[i], pairs[i + 1]);
    }
    for (Map.Entry<String, String> entry : Map.copyOf(past).entrySet()) {
      past.putIfAbsent(thirdPerson(entry.getKey()), entry.getValue());
      past.putIfAbsent(progressive(entry.getKey(), entry.getValue()), entry.getValue());
    }
    return Map.copyOf(past);
  }

  private static String regular(String verb) {
    if (verb.endsWith("e")) {
      return verb + "d";
    }
    int y = verb.length() - 1;
    boolean inConsonantAndY = verb.endsWith("y") && "aeiou".indexOf(verb.charAt(y - 1)) < 0;
    return inConsonantAndY ? verb.substring(0, y) + "ied" : verb + "ed";
  }

  private static String thirdPerson(String verb) {
    boolean hisses = verb.endsWith("s") || verb.endsWith("h") || verb.endsWith("x");
    return hisses ? verb + "es" : verb + "s";
  }

  /** The stem of a regular past form is that of the -ing form too: stopped, stopping. */
  private static String progressive(String verb, String past) {
    boolean regular = past.endsWith("ed") && !past.endsWith("ied") && past.indexOf('-') < 0;
    return (regular ? past.substring(0, past.length() - 2) : verb) + "ing";
  }
}
