package org.dragonflow.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A file of records that grows at its end.
 *
 * <p>A record is its length (4 bytes), its CRC-32C (4 bytes), and itself. One that the end of the file cuts off, as when a machine stops in
 * the middle of a write, is cut away when the file is opened; a damaged one before the end makes the whole file worthless. Writes reach the
 * kernel at once, so they outlive the process; they reach the disk when the kernel sees fit, at {@link #rewrite} and at {@link #close}.
 */
final class Journal implements AutoCloseable {
    private static final byte[] MAGIC = "dragonflow journal 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 8;
    private static final int LONGEST = 1 << 26;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path path;
    private FileChannel channel;

    private Journal(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** What a file holds. */
    sealed interface Contents {
        /**
         * The records, in order.
         *
         * @param cut how many bytes of a record at the end were cut off
         */
        record Sound(List<byte[]> records, long cut) implements Contents {}

        /** Nothing that can be relied on. */
        record Damaged(String reason) implements Contents {}
    }

    /** Reads the file, and cuts off what an interrupted write has left at its end; one that is not there is empty. */
    static Contents read(Path path) throws IOException {
        if (!Files.exists(path)) {
            return new Contents.Sound(List.of(), 0);
        }
        try (var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {}
            var contents = parse(bytes.flip());
            if (contents instanceof Contents.Sound(var _, long cut) && cut > 0) {
                file.truncate(file.size() - cut);
            }
            return contents;
        } catch (ArithmeticException _) {
            return new Contents.Damaged("larger than 2 GiB");
        }
    }

    private static Contents parse(ByteBuffer bytes) {
        var magic = new byte[Math.min(MAGIC.length, bytes.remaining())];
        bytes.get(magic);
        if (!java.util.Arrays.equals(magic, MAGIC)) {
            return new Contents.Damaged("not a journal");
        }
        var records = new ArrayList<byte[]>();
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            int length = bytes.remaining() < HEADER ? Integer.MAX_VALUE : bytes.getInt();
            if (length < 0 || length > bytes.remaining() - 4) {
                // A length beyond the end is an interrupted write only if it could be a length at all.
                boolean isPlausible = length >= 0 && (length <= LONGEST || length == Integer.MAX_VALUE);
                return isPlausible
                        ? new Contents.Sound(records, bytes.limit() - start)
                        : new Contents.Damaged("no record at byte " + start);
            }
            int sum = bytes.getInt();
            var record = new byte[length];
            bytes.get(record);
            if (sum != checksum(record)) {
                return bytes.hasRemaining()
                        ? new Contents.Damaged("the record at byte %d has a wrong checksum".formatted(start))
                        : new Contents.Sound(records, bytes.limit() - start);
            }
            records.add(record);
        }
        return new Contents.Sound(records, 0);
    }

    private static int checksum(byte[] record) {
        var crc = new CRC32C();
        crc.update(record);
        return (int) crc.getValue();
    }

    /** Goes on at the end of the file, or begins a new one. */
    static Journal open(Path path) throws IOException {
        boolean isNew = !Files.exists(path) || Files.size(path) == 0;
        return isNew ? new Journal(path, write(path, List.of())) : new Journal(path, append(path));
    }

    private static FileChannel append(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.APPEND);
    }

    void append(byte[] record) throws IOException {
        write(channel, List.of(record));
    }

    /** Replaces all records by these: whoever reads the file finds the old ones or the new ones, also after a crash. */
    void rewrite(List<byte[]> records) throws IOException {
        var next = write(path, records);
        channel.close();
        channel = next;
    }

    private static FileChannel write(Path path, List<byte[]> records) throws IOException {
        var draft = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, OWNER_ONLY);
        var file = append(draft);
        try {
            writeFully(file, ByteBuffer.wrap(MAGIC));
            write(file, records);
            file.force(true);
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (var directory = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void write(FileChannel file, List<byte[]> records) throws IOException {
        for (var record : records) {
            if (record.length > LONGEST) {
                throw new IOException("a record of %d bytes is too long".formatted(record.length));
            }
            // One write a record: a process that is killed leaves it there whole or not at all.
            writeFully(
                    file,
                    ByteBuffer.allocate(HEADER + record.length)
                            .putInt(record.length)
                            .putInt(checksum(record))
                            .put(record)
                            .flip());
        }
    }

    private static void writeFully(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.force(true);
        channel.close();
    }
}
