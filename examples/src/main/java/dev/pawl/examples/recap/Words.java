package dev.pawl.examples.recap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text as words and sentences. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[a-z]+(?:'[a-z]+)?");

    /** A full stop, question or exclamation mark, perhaps a closing quote; then a space and a capital or a quote. */
    private static final Pattern SENTENCE_END = Pattern.compile("[.?!][\"')]*\\s+(?=[\"'(]?[A-Z])");

    private static final Set<String> ABBREVIATIONS = Set.of(
            "mr", "mrs", "ms", "dr", "st", "no", "gen", "col", "capt", "lieut", "maj", "hon", "messrs", "jr", "sr",
            "rev", "art", "sec", "vol", "vs", "gov", "sen", "prof", "u.s", "d.c", "e.g", "i.e");

    private static final Set<String> COMMON =
            Set.of(("a about above after again all almost already also although always am"
                            + " among an and another any are as at be became because been before being best better between beyond"
                            + " both but by came can cannot cent come could did do does done down during each either else ever every"
                            + " far few first for from full further gave get give given go good great greater had has have having he"
                            + " her here him his how however i if important in including into is it its itself just know large last"
                            + " less let like long made make makes making man many matter may me measure measures men might more most"
                            + " much must my necessary need never new no non nor not nothing now of on one only or other others our"
                            + " ours out over own part per place present president proper put right said same say see seem shall she"
                            + " should show since so some something still such take than that the their them themselves then there"
                            + " therefore these they thing things think this those though through thus time to too toward"
                            + " under until up upon us use very want was way we well went were what when where whether which while"
                            + " who whole whom whose why will with within without would year years yet you your applause thank"
                            + " tonight america american americans united states government country against next longer million billion"
                            + " percent hundred thousand two three four five six")
                    .split(" ", -1));

    /** The words of a text in lower case, in their order. */
    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    /** The words that say something: not too common and not too short, with a possessive's ending cut off. */
    static List<String> telling(String text) {
        return of(text).stream()
                .map(Words::withoutPossessive)
                .filter(word -> word.length() > 2 && word.indexOf('\'') < 0 && !COMMON.contains(word))
                .toList();
    }

    /** The sentences of a text, in their order, without the white space between them. */
    static List<String> sentences(String text) {
        List<String> sentences = new ArrayList<>();
        Matcher end = SENTENCE_END.matcher(text);
        int start = 0;
        while (end.find()) {
            if (!isAbbreviation(text, end.start())) {
                sentences.add(text.substring(start, end.end()).strip());
                start = end.end();
            }
        }
        String rest = text.substring(start).strip();
        if (!rest.isEmpty()) {
            sentences.add(rest);
        }
        return sentences;
    }

    /** Whether the full stop at this place ends an abbreviation or an initial, and no sentence. */
    private static boolean isAbbreviation(String text, int stop) {
        if (text.charAt(stop) != '.') {
            return false;
        }
        int from = stop;
        while (from > 0 && (Character.isLetter(text.charAt(from - 1)) || text.charAt(from - 1) == '.')) {
            from--;
        }
        String word = text.substring(from, stop);
        boolean initial = word.length() == 1 && Character.isUpperCase(word.charAt(0)) && !word.equals("I");
        return initial || ABBREVIATIONS.contains(word.toLowerCase(Locale.ROOT));
    }

    private static String withoutPossessive(String word) {
        return word.endsWith("'s") ? word.substring(0, word.length() - 2) : word;
    }

    private Words() {}
}
