import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.maven.artifact.versioning.ComparableVersion;

/** Orders versions as Maven does. */
class Maven {
    public static void main(String[] args) throws Exception {
        List<ComparableVersion> taken = new ArrayList<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String text; (text = in.readLine()) != null; ) {
            if (!text.isEmpty()) {
                taken.add(new ComparableVersion(text));
            }
        }
        Collections.sort(taken);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < taken.size(); i++) {
            boolean isSame = i > 0 && taken.get(i - 1).compareTo(taken.get(i)) == 0;
            out.append(i == 0 ? "" : isSame ? " " : "\n").append(taken.get(i));
        }
        System.out.println(out);
        System.out.println("!");
    }
}
