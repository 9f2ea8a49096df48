package dev.pawl.examples.recap;

import java.util.Locale;
import java.util.Set;

/** What an article may be about, and the words that tell. */
public enum Genre {
    /** Money, trade and work. */
    ECONOMY(
            "Economy",
            "bank banks budget business commerce corporation corporations currency customs debt deficit dollar dollars"
                    + " economic economy employment expenditure expenditures export exports farmer farmers fiscal gold"
                    + " income industrial industry inflation interest investment jobs labor manufactures market markets"
                    + " money prices production prosperity railroad railroads receipts revenue revenues silver tariff tax"
                    + " taxation taxes trade treasury unemployment wages"),
    /** Armies, wars and their ends. */
    WAR_AND_PEACE(
            "War and peace",
            "aggression armed armies armistice army battle conquest defense enemies enemy fleet force forces fort"
                    + " fortifications hostilities hostile invasion militia military missile missiles naval navy nuclear"
                    + " officers peace sailors security ships soldier soldiers surrender terror terrorism terrorists"
                    + " troops veterans victory war wars weapon weapons"),
    /** Other nations, and what is agreed with them. */
    FOREIGN_AFFAIRS(
            "Foreign affairs",
            "abroad allies ambassador arbitration boundary britain britannic china claims colonies consul convention cuba"
                    + " diplomatic embassy emperor europe european foreign france freedom germany indemnity independence"
                    + " international japan korea mexico minister minor nations negotiation negotiations neutral neutrality"
                    + " plenipotentiary republic republics russia soviet spain spanish treaties treaty world"),
    /** Courts, statutes and the constitution. */
    LAW(
            "Law and government",
            "act amendment attorney authority bill civil clerks commission committee congress constitution constitutional"
                    + " court courts crime criminal election elections executive federal judge judges judicial judiciary"
                    + " jurisdiction jury justice law laws legislation legislative legislature offenses office offices"
                    + " powers reform senate statute statutes supreme vote votes"),
    /** The country itself: its soil, its water, and who lived on it first. */
    LAND_AND_NATURE(
            "Land and nature",
            "acres agricultural agriculture canal canals climate coal conservation crops domain emigrants energy"
                    + " environment environmental forest forests harbor harbors indian indians irrigation lake lakes land"
                    + " lands mineral mines mississippi mountains oil parks pollution public reservation reservations river"
                    + " rivers settlement settlers soil survey surveys territories territory timber tribe tribes water"
                    + " waters west western"),
    /** How people live with each other. */
    SOCIETY(
            "Society",
            "care charity child children citizens citizenship city cities college communities community disease doctors"
                    + " drug drugs education educational equal families family health home homes hospital hospitals housing"
                    + " human immigrants immigration insurance learn medical medicare moral neighborhood parents people"
                    + " poor poverty race religion religious retirement rights school schools slavery slaves social"
                    + " students teachers together university welfare woman women young youth");

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes no other sets than immutable ones
    private final Set<String> vocabulary;

    Genre(String title, String vocabulary) {
        this.title = title;
        this.vocabulary = Set.of(vocabulary.split(" ", -1));
    }

    /**
     * The genre's name for people.
     *
     * @return as it stands in a recap
     */
    public String title() {
        return title;
    }

    /**
     * The genre's name for programs.
     *
     * @return as {@code war-and-peace}
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Whether the word speaks for this genre.
     *
     * @param word in lower case
     * @return true if it is in the genre's vocabulary
     */
    public boolean knows(String word) {
        return vocabulary.contains(word);
    }
}
