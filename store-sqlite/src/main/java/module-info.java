/** The embedded engine of the northbound store. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.store.sqlite {
    requires static org.jspecify;
    requires transitive org.dragonflow.store;
    requires java.sql;
    requires org.xerial.sqlitejdbc;

    exports org.dragonflow.store.sqlite;
}
