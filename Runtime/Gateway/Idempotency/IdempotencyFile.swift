import Foundation
import GRDB

/// The file of keys: its rights, its settings, its table's versions.
///
/// SQLite in WAL mode, `synchronous = FULL`: what was told as done outlives a power cut too, for the effects that the
/// keys stand for (rows in a database, payments) do. The file is locked for as long as it is open, so that a second
/// gateway on it fails at once; this relies on POSIX locks, which a process loses when it opens and closes the file
/// once more by itself.
enum IdempotencyFile {
    /// Opens the file, makes it where there is none, and brings its table up to date.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must be there. Rights are set to 0600, and SQLite gives them to its other files.
    ///   - limit: how large it may grow, in bytes.
    static func open(_ path: String, limit: Int) throws -> DatabaseQueue {
        try makePrivate(path)
        var configuration = Configuration()
        configuration.label = "idempotency"
        configuration.foreignKeysEnabled = false
        // Nobody else ever has the file open for long: only a gateway that is just ending, and the tries come again.
        configuration.busyMode = .timeout(0.1)
        configuration.prepareDatabase { database in
            // Before the first access, so that the index of the log is in memory and not in a file.
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                throw DatabaseError(resultCode: .SQLITE_IOERR, message: "the write-ahead log cannot be used")
            }
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
            let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
            try database.execute(sql: "PRAGMA max_page_count = \(max(16, limit / max(512, pageSize)))")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        do {
            try migrate(queue)
        } catch {
            try? queue.close()
            throw error
        }
        return queue
    }

    /// The versions of the table; one that was released never changes.
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: records") { database in
            try database.execute(
                sql: """
                    CREATE TABLE records (
                        id INTEGER PRIMARY KEY,
                        scope BLOB NOT NULL UNIQUE,
                        fingerprint BLOB NOT NULL,
                        state INTEGER NOT NULL,
                        owner INTEGER NOT NULL,
                        expires INTEGER NOT NULL,
                        status INTEGER,
                        headers BLOB,
                        body BLOB
                    ) STRICT;
                    CREATE INDEX records_by_expiry ON records (expires);
                    """)
        }
        return migrator
    }

    private static func migrate(_ queue: DatabaseQueue) throws {
        let migrator = migrator
        guard try !queue.read(migrator.hasBeenSuperseded) else { throw IdempotencyFileError.newer }
        try migrator.migrate(queue)
    }

    /// Makes the file for its owner only before SQLite writes into it.
    private static func makePrivate(_ path: String) throws {
        // Never opened where it is there already: closing it again would lose the locks of whoever has it in this process.
        if chmod(path, 0o600) == 0 { return }
        let descriptor = Foundation.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw IdempotencyFileError.system(errno) }
        close(descriptor)
    }
}
