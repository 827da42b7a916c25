import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes the names of local variables out of the classes of jars: they are for debuggers, and a
 * tenth of what jars and start-up caches take in an image. Line numbers stay. Runs while images are
 * built: {@code java StripVariables.java JAR...}.
 */
final class StripVariables {
  private static final ClassFile CLASSES = ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG);

  /** Takes every method apart and puts it together again, without what is dropped on the way. */
  private static final ClassTransform AGAIN =
      ClassTransform.transformingMethodBodies((method, element) -> method.with(element));

  private StripVariables() {}

  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      strip(Path.of(jar));
    }
  }

  private static void strip(Path jar) throws IOException {
    Path stripped = jar.resolveSibling(jar.getFileName() + ".stripped");
    try (ZipFile from = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(stripped);
        ZipOutputStream to = new ZipOutputStream(file)) {
      to.setLevel(9);
      for (ZipEntry entry : Collections.list(from.entries())) {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        to.putNextEntry(copy);
        try (InputStream content = from.getInputStream(entry)) {
          byte[] bytes = content.readAllBytes();
          to.write(entry.getName().endsWith(".class") ? strip(bytes) : bytes);
        }
        to.closeEntry();
      }
    }
    Files.move(stripped, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] strip(byte[] bytes) {
    return CLASSES.transformClass(CLASSES.parse(bytes), AGAIN);
  }
}
