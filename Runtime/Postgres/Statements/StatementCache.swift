/// Which statements one connection has prepared at the server. Decides, and sends nothing.
///
/// A statement is *asked for* (it is in the cache from then on), then `prepared` or `failed`. When there are too many, the
/// one unused for longest is *doomed*: its name must be given back to the server, which is done when it is `released`.
/// So is one that no longer fits the database (`forget`).
/// If the server no longer knows what this knows, `forgetAll` begins anew: everything is given back at once before the
/// next statement is prepared.
struct StatementCache: Sendable {
    /// What must be sent before a statement can run by its name.
    struct Preparation: Sendable, Equatable {
        /// All that was prepared must be given back (`DEALLOCATE ALL`).
        var releasesAll = false
        /// These must be given back (`DEALLOCATE`).
        var released: [StatementName] = []
        /// The name that the statement gets.
        var name: StatementName
    }

    enum Answer: Sendable, Equatable {
        /// The statement is prepared, or will be before what is sent next is run.
        case known(StatementName)
        /// The statement must be prepared.
        case unknown(Preparation)
    }

    private struct Entry {
        var name: StatementName
        var lastUse: Int
    }

    /// So many statements are prepared at most.
    let capacity: Int
    private var entries: [[UInt8]: Entry] = [:]
    private var doomed: [StatementName] = []
    private var mustReleaseAll = false
    private var uses = 0
    private var names = 0

    init(capacity: Int) { self.capacity = capacity }

    /// How many statements are prepared.
    var count: Int { entries.count }

    /// The name of a statement that is prepared; nil if it is not.
    mutating func name(_ key: [UInt8]) -> StatementName? {
        guard let index = entries.index(forKey: key) else { return nil }
        uses += 1
        entries.values[index].lastUse = uses
        return entries.values[index].name
    }

    /// Asks for a statement, in the order in which statements are sent.
    mutating func ask(_ key: [UInt8]) -> Answer {
        if let name = name(key) { return .known(name) }
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
            doomed.append(oldest.value.name)
        }
        names += 1
        uses += 1
        let name = StatementName(number: names)
        entries[key] = Entry(name: name, lastUse: uses)
        defer {
            mustReleaseAll = false
            doomed = []
        }
        return .unknown(
            Preparation(releasesAll: mustReleaseAll, released: mustReleaseAll ? [] : doomed, name: name))
    }

    /// The server did not prepare a statement.
    mutating func failed(_ name: StatementName) {
        if let key = entries.first(where: { $0.value.name == name })?.key { entries[key] = nil }
    }

    /// A statement was prepared for a database that is no longer the same: the next time it is prepared anew.
    mutating func forget(_ key: [UInt8]) {
        if let entry = entries.removeValue(forKey: key) { doomed.append(entry.name) }
    }

    /// The server did not take a name back.
    mutating func kept(_ name: StatementName) { doomed.append(name) }

    /// The server did not take everything back, or what it has is not what this holds.
    mutating func forgetAll() {
        entries = [:]
        doomed = []
        mustReleaseAll = capacity > 0
    }
}
