package llmload.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file end of a journal, apart from its format, so that a full disk can be played. */
interface JournalChannel extends Closeable {

  /** Writes all of {@code bytes}. */
  void write(ByteBuffer bytes) throws IOException;

  /** Brings what was written to the device. */
  void force() throws IOException;

  /** How a file of the journal is made. */
  interface Opener {
    /** Makes {@code file}; it must not exist. */
    JournalChannel open(Path file) throws IOException;
  }

  /** A new file that only its owner can read, where the file system knows owners. */
  static JournalChannel create(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return over(
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes));
  }

  /** A channel that writes to {@code file}. */
  static JournalChannel over(FileChannel file) {
    return new JournalChannel() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
          int unused = file.write(bytes);
        }
      }

      @Override
      public void force() throws IOException {
        file.force(false);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }
}
