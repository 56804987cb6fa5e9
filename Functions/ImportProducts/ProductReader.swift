import FunctionKit

/// Turns the CSV of an import into the CSV that is staged, and notes what is wrong with it. Bytes in, bytes out, in parts of
/// any size; it holds one record and the faults.
struct ProductReader {
    /// How many faults are told at most.
    static let maximumFaults = 20

    /// What is wrong so far; each names its line.
    private(set) var faults: [APIError.Detail] = []
    /// How many products were read so far.
    private(set) var count = 0
    private var csv = CSVReader()
    /// Where each of `ProductRow.columns` stands; nil before the header.
    private var places: [Int]?
    /// The text makes no sense any more, or there are too many faults.
    private(set) var isDone = false

    /// Takes the next bytes, and adds a line to `output` for each product that they complete; none once there is a
    /// fault.
    mutating func read(_ bytes: some Sequence<UInt8>, into output: inout [UInt8]) {
        guard !isDone else { return }
        // Taken out and put back: of a copy the first byte would copy all that has come of the record.
        var csv = CSVReader()
        swap(&csv, &self.csv)
        do {
            try csv.read(bytes) { try take($0, into: &output) }
        } catch { stop(error) }
        swap(&csv, &self.csv)
    }

    /// The text is over.
    mutating func end(into output: inout [UInt8]) {
        guard !isDone else { return }
        var csv = CSVReader()
        swap(&csv, &self.csv)
        do {
            try csv.end { try take($0, into: &output) }
            if places == nil { fault(1, "The first line must name the columns sku, name, price_cents and stock") }
        } catch { stop(error) }
        isDone = true
    }

    /// Throws a validation error with all faults, if there are any.
    func check() throws(APIError) {
        if !faults.isEmpty { throw APIError(.validationError, details: faults) }
    }

    /// Notes a fault, unless `maximumFaults` are noted already.
    mutating func fault(_ line: Int, _ message: String) {
        guard faults.count < Self.maximumFaults else { return }
        faults.append(APIError.Detail(field: "line \(line)", in: "body", message: message))
    }

    private struct TooMany: Error {}

    private mutating func stop(_ error: any Error) {
        if let error = error as? CSVReader.Fault { fault(error.line, error.message) }
        isDone = true
    }

    private mutating func take(_ record: CSVRecord, into output: inout [UInt8]) throws {
        guard let places else {
            places = try header(record)
            return
        }
        guard record.count == places.count else {
            fault(record.line, "The line has \(record.count) fields, and the header \(places.count)")
            if faults.count >= Self.maximumFaults { throw TooMany() }
            return
        }
        var found: [(String, String)] = []
        let row = ProductRow(record, places: places) { found.append(($0, $1)) }
        for (column, message) in found { fault(record.line, "\(column) \(message)") }
        if faults.count >= Self.maximumFaults { throw TooMany() }
        guard let row else { return }
        count += 1
        if faults.isEmpty { row.write(line: record.line, to: &output) }
    }

    private func header(_ record: CSVRecord) throws -> [Int] {
        let names = (0..<record.count).map { record.text($0) }
        let places = ProductRow.columns.compactMap { names.firstIndex(of: $0) }
        guard places.count == ProductRow.columns.count, names.count == places.count else {
            throw CSVReader.Fault(
                line: record.line, message: "The first line must name the columns sku, name, price_cents and stock")
        }
        return places
    }
}
