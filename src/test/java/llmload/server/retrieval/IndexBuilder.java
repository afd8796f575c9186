package llmload.server.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.FSDirectory;

/**
 * Builds an index on disk, in parts of {@value #PART_VECTORS} vectors with a graph each.
 *
 * <p>A part is written by one thread from its first vector to its last, and never merged: so the
 * same spec gives the same graphs, the heap holds one part a thread, and no vector is put into a
 * graph twice.
 */
final class IndexBuilder {
  /** Neighbours of a vector in the graph; twice as many in its lowest layer. */
  static final int MAX_NEIGHBOURS = 16;

  /** Candidates looked at when a vector's neighbours are chosen. */
  static final int BEAM_WIDTH = 100;

  /** Vectors of one part, but the last. */
  static final int PART_VECTORS = 100_000;

  /** The field of the vector. */
  static final String VECTOR = "vector";

  /** The field of its id. */
  static final String ID = "id";

  private static final String MARKER = "complete.txt";
  private static final int PROGRESS_STEP = 500;

  private final IndexSpec spec;
  private final Path folder;
  private final IntConsumer progress;

  /**
   * @param progress told now and then how many vectors are in the index; from any thread
   */
  IndexBuilder(IndexSpec spec, Path folder, IntConsumer progress) {
    this.spec = spec;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Builds the index unless it is there and whole; what another process began and did not end is
   * thrown away. Of several processes one builds and the others wait.
   *
   * @throws UncheckedIOException if the folder cannot be written
   */
  void buildIfAbsent() {
    synchronized (IndexBuilder.class) { // a file lock is the process's, not the thread's
      try {
        Files.createDirectories(folder);
        try (FileChannel channel =
                FileChannel.open(
                    folder.resolve("build.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock held = channel.lock()) {
          if (held.isValid() && !isComplete()) {
            forgetParts();
            build();
            Files.writeString(folder.resolve(MARKER), spec.text(), StandardCharsets.UTF_8);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "retrieval: Expecting a folder that can be written. Found: " + folder + ", " + e + ".",
            e);
      }
    }
  }

  private boolean isComplete() throws IOException {
    Path marker = folder.resolve(MARKER);
    return Files.exists(marker)
        && Files.readString(marker, StandardCharsets.UTF_8).equals(spec.text());
  }

  /** The folders of the parts, in the order of their ids. */
  static List<Path> parts(Path folder, IndexSpec spec) {
    List<Path> parts = new ArrayList<>();
    for (int first = 0; first < spec.vectorCount(); first += PART_VECTORS) {
      parts.add(folder.resolve("part-" + first / PART_VECTORS));
    }
    return parts;
  }

  private void forgetParts() throws IOException {
    Files.deleteIfExists(folder.resolve(MARKER));
    List<Path> old;
    try (Stream<Path> entries = Files.list(folder)) {
      old = entries.filter(Files::isDirectory).toList();
    }
    for (Path part : old) {
      List<Path> files;
      try (Stream<Path> entries = Files.list(part)) {
        files = entries.toList();
      }
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(part);
    }
  }

  private void build() throws IOException {
    ClusteredVectors vectors = new ClusteredVectors(spec);
    AtomicInteger done = new AtomicInteger();
    List<Path> parts = parts(folder, spec);
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(parts.size(), Runtime.getRuntime().availableProcessors()));
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        int first = i * PART_VECTORS;
        Path part = parts.get(i);
        running.add(
            threads.submit(
                () -> {
                  write(part, vectors, first, done);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private void write(Path part, ClusteredVectors vectors, int first, AtomicInteger done)
      throws IOException {
    ByteVectors bytes = new ByteVectors(spec.dimensionCount());
    int end = Math.min(first + PART_VECTORS, spec.vectorCount());
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setOpenMode(IndexWriterConfig.OpenMode.CREATE)
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setUseCompoundFile(false)
            .setMaxBufferedDocs(PART_VECTORS + 1)
            .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH)
            .setCodec(new Graphs());
    try (FSDirectory directory = FSDirectory.open(part);
        IndexWriter writer = new IndexWriter(directory, config)) {
      for (int id = first; id < end; id++) {
        Document document = new Document();
        document.add(
            new KnnByteVectorField(
                VECTOR, bytes.of(vectors.indexed(id)), VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new NumericDocValuesField(ID, id));
        writer.addDocument(document);
        int count = done.incrementAndGet();
        if (count % PROGRESS_STEP == 0) {
          progress.accept(count);
        }
      }
      writer.commit();
    }
  }

  /** The default codec, with graphs of our own numbers. */
  private static final class Graphs extends Lucene912Codec {
    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
      return new Lucene99HnswVectorsFormat(MAX_NEIGHBOURS, BEAM_WIDTH);
    }
  }
}
