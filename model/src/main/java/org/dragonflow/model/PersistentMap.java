package org.dragonflow.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map that shares structure with those it was made from: a change copies O(log n), not n.
 *
 * <p>A hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001): each level looks at five more bits of the hash. The order of iteration
 * depends on the hashes, and not on the order of insertion, but among keys of equal hash.
 */
public final class PersistentMap<K, V> {
    private static final int BITS = 5;
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(new Branch<>(0, new Object[0]), 0);

    private final Node<K, V> root;
    private final int size;

    private PersistentMap(Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // an empty map holds nothing of any type
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    @Nullable
    V find(K key) {
        return root.find(key, spread(key), 0);
    }

    /** The value of the key. */
    public Optional<V> get(K key) {
        return Optional.ofNullable(find(key));
    }

    /** The map with this value for the key, whatever the key had before. */
    public PersistentMap<K, V> put(K key, V value) {
        return put(leaf(key, value));
    }

    PersistentMap<K, V> put(Leaf<K, V> leaf) {
        boolean isNew = root.find(leaf.key, leaf.hash, 0) == null;
        return new PersistentMap<>(isEmpty() ? leaf : root.put(leaf, 0), isNew ? size + 1 : size);
    }

    /** The map of these entries, of distinct keys; costs less than to put them one by one, since nothing is made twice. */
    static <K, V> PersistentMap<K, V> of(List<Leaf<K, V>> leaves) {
        return leaves.isEmpty() ? empty() : new PersistentMap<>(Branch.node(leaves, 0), leaves.size());
    }

    /** An entry, which may stand in several maps. */
    static <K, V> Leaf<K, V> leaf(K key, V value) {
        return new Leaf<>(key, value, spread(key));
    }

    /** The map without the key. */
    public PersistentMap<K, V> remove(K key) {
        if (find(key) == null) {
            return this;
        }
        if (size == 1) {
            return empty();
        }
        var rest = root.remove(key, spread(key), 0);
        if (rest == null) {
            throw new IllegalStateException("a map of %d lost all its entries with %s".formatted(size, key));
        }
        return new PersistentMap<>(rest, size - 1);
    }

    /** The values, in an order that depends on the hashes of the keys. */
    public Stream<V> values() {
        return root.leaves().map(Leaf::value);
    }

    void forEach(BiConsumer<K, V> action) {
        root.leaves().forEach(leaf -> action.accept(leaf.key(), leaf.value()));
    }

    // Hash codes of short strings and small numbers differ in few bits; spread them over all.
    private static int spread(Object key) {
        int h = key.hashCode() * 0x9e37_79b9;
        return h ^ h >>> 15;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same root is the quick answer to a common question
    public boolean equals(Object other) {
        return other instanceof PersistentMap<?, ?> map && size == map.size && (root == map.root || holdsAllOf(map));
    }

    @SuppressWarnings("unchecked") // a key of another type is simply not found
    private boolean holdsAllOf(PersistentMap<?, ?> map) {
        return map.root.leaves().allMatch(leaf -> leaf.value().equals(find((K) leaf.key())));
    }

    @Override
    public int hashCode() {
        return root.leaves()
                .mapToInt(leaf -> leaf.key().hashCode() ^ leaf.value().hashCode())
                .sum();
    }

    @Override
    public String toString() {
        return root.leaves().map(leaf -> leaf.key() + "=" + leaf.value()).collect(Collectors.joining(", ", "{", "}"));
    }

    /** A part of a map. */
    sealed interface Node<K, V> {
        @Nullable
        V find(K key, int hash, int shift);

        Node<K, V> put(Leaf<K, V> leaf, int shift);

        /** The node without the key; null where nothing is left. */
        @Nullable
        Node<K, V> remove(K key, int hash, int shift);

        Stream<Leaf<K, V>> leaves();
    }

    /** One entry. */
    record Leaf<K, V>(K key, V value, int hash) implements Node<K, V> {
        @Override
        public @Nullable V find(K wanted, int wantedHash, int shift) {
            return hash == wantedHash && key.equals(wanted) ? value : null;
        }

        @Override
        public Node<K, V> put(Leaf<K, V> leaf, int shift) {
            if (hash == leaf.hash) {
                return key.equals(leaf.key) ? leaf : new Collision<>(hash, Map.of(key, value, leaf.key, leaf.value));
            }
            return new Branch<K, V>(0, new Object[0]).put(this, shift).put(leaf, shift);
        }

        @Override
        public @Nullable Node<K, V> remove(K wanted, int wantedHash, int shift) {
            return key.equals(wanted) ? null : this;
        }

        @Override
        public Stream<Leaf<K, V>> leaves() {
            return Stream.of(this);
        }
    }

    /** Keys of one hash. Rare, hence plain. */
    private record Collision<K, V>(int hash, Map<K, V> entries) implements Node<K, V> {
        @Override
        public @Nullable V find(K key, int wantedHash, int shift) {
            return entries.get(key);
        }

        @Override
        public Node<K, V> put(Leaf<K, V> leaf, int shift) {
            if (leaf.hash != hash) {
                int mine = 1 << (hash >>> shift & 31);
                return new Branch<K, V>(mine, new Object[] {this}).put(leaf, shift);
            }
            var next = new HashMap<>(entries);
            next.put(leaf.key, leaf.value);
            return new Collision<>(hash, Map.copyOf(next));
        }

        @Override
        public @Nullable Node<K, V> remove(K key, int wantedHash, int shift) {
            var next = new HashMap<>(entries);
            next.remove(key);
            if (next.size() == 1) {
                var last = next.entrySet().iterator().next();
                return new Leaf<>(last.getKey(), last.getValue(), hash);
            }
            return new Collision<>(hash, Map.copyOf(next));
        }

        @Override
        public Stream<Leaf<K, V>> leaves() {
            return entries.entrySet().stream().map(e -> new Leaf<>(e.getKey(), e.getValue(), hash));
        }
    }

    /** Up to 32 children, packed; bit i of the bitmap tells whether there is a child for hash bits i. */
    private static final class Branch<K, V> implements Node<K, V> {
        private final int bitmap;
        private final Object[] children;

        Branch(int bitmap, Object[] children) {
            this.bitmap = bitmap;
            this.children = children;
        }

        /** The node over these leaves, of distinct keys. */
        static <K, V> Node<K, V> node(List<Leaf<K, V>> leaves, int shift) {
            var first = leaves.getFirst();
            if (leaves.size() == 1) {
                return first;
            }
            return leaves.stream().allMatch(leaf -> leaf.hash == first.hash)
                    ? new Collision<>(first.hash, leaves.stream().collect(Collectors.toMap(Leaf::key, Leaf::value)))
                    : of(leaves, shift);
        }

        private static <K, V> Branch<K, V> of(List<Leaf<K, V>> leaves, int shift) {
            int bitmap = 0;
            for (var leaf : leaves) {
                bitmap |= bit(leaf.hash, shift);
            }
            var branch = new Branch<K, V>(bitmap, new Object[Integer.bitCount(bitmap)]);
            var parts = new ArrayList<List<Leaf<K, V>>>();
            for (int i = 0; i < branch.children.length; i++) {
                parts.add(new ArrayList<>(1 + leaves.size() / branch.children.length));
            }
            leaves.forEach(
                    leaf -> parts.get(branch.index(bit(leaf.hash, shift))).add(leaf));
            Arrays.setAll(branch.children, i -> node(parts.get(i), shift + BITS));
            return branch;
        }

        private static int bit(int hash, int shift) {
            return 1 << (hash >>> shift & 31);
        }

        private int index(int bit) {
            return Integer.bitCount(bitmap & bit - 1);
        }

        @SuppressWarnings("unchecked") // children are nodes of this map's types
        private Node<K, V> child(int index) {
            return (Node<K, V>) children[index];
        }

        @Override
        public @Nullable V find(K key, int hash, int shift) {
            int bit = bit(hash, shift);
            return (bitmap & bit) == 0 ? null : child(index(bit)).find(key, hash, shift + BITS);
        }

        @Override
        public Node<K, V> put(Leaf<K, V> leaf, int shift) {
            int bit = bit(leaf.hash, shift);
            int at = index(bit);
            if ((bitmap & bit) != 0) {
                var next = children.clone();
                next[at] = child(at).put(leaf, shift + BITS);
                return new Branch<>(bitmap, next);
            }
            var next = new Object[children.length + 1];
            System.arraycopy(children, 0, next, 0, at);
            next[at] = leaf;
            System.arraycopy(children, at, next, at + 1, children.length - at);
            return new Branch<>(bitmap | bit, next);
        }

        @Override
        public @Nullable Node<K, V> remove(K key, int hash, int shift) {
            int bit = bit(hash, shift);
            int at = index(bit);
            var rest = child(at).remove(key, hash, shift + BITS);
            if (rest != null) {
                if (children.length == 1 && !(rest instanceof Branch)) {
                    return rest;
                }
                var next = children.clone();
                next[at] = rest;
                return new Branch<>(bitmap, next);
            }
            if (children.length == 1) {
                return null;
            }
            if (children.length == 2 && !(child(1 - at) instanceof Branch)) {
                return child(1 - at);
            }
            var next = new Object[children.length - 1];
            System.arraycopy(children, 0, next, 0, at);
            System.arraycopy(children, at + 1, next, at, next.length - at);
            return new Branch<>(bitmap & ~bit, next);
        }

        @Override
        public Stream<Leaf<K, V>> leaves() {
            return Arrays.stream(children).flatMap(child -> {
                @SuppressWarnings("unchecked") // as in child(int)
                var node = (Node<K, V>) child;
                return node.leaves();
            });
        }
    }
}
