import FunctionKit
import Postgres

/// Takes a list of products as CSV, however long, and puts all of it into the database, or nothing: products whose
/// `sku` is there already are changed, the others are new. The columns are `sku`, `name`, `price_cents` and `stock`.
@main struct ImportProducts: Function {
    /// The answer.
    struct Summary: Encodable, Sendable, Equatable {
        /// How many products were new.
        var created: Int
        /// How many were there already.
        var updated: Int
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: NoInput, _ context: Context) async throws -> Summary {
        try ImportType.check(context.headers)
        return try await summary(of: context.bodyStream)
    }

    func summary(of body: BodyStream) async throws -> Summary {
        try await database.transaction { transaction in
            try await transaction.execute(ImportQueries.stage)
            var reader = ProductReader()
            let copied = try await transaction.copy(
                into: "import_lines", columns: ImportQueries.stagedColumns, csv: PostgresCSV()
            ) { copy in
                for try await part in body {
                    var lines: [UInt8] = []
                    reader.read(part, into: &lines)
                    if !lines.isEmpty { try await copy.write(lines) }
                    if reader.isDone { break }
                }
                var lines: [UInt8] = []
                reader.end(into: &lines)
                try reader.check()
                if !lines.isEmpty { try await copy.write(lines) }
            }
            for line in try await transaction.query(ImportQueries.doubled, as: ImportQueries.Doubled.self) {
                reader.fault(line.line, "sku \(line.sku) stands in line \(line.first) already")
            }
            try reader.check()
            try await transaction.execute(ImportQueries.analyze)
            try await transaction.execute(ImportQueries.queue)
            let updated = try await transaction.queryOne(ImportQueries.hold, as: Int.self) ?? 0
            try await transaction.execute(ImportQueries.apply)
            return Summary(created: copied - updated, updated: updated)
        }
    }
}
