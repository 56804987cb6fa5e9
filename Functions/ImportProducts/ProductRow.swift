/// One product of an import, whose fields have been checked.
struct ProductRow: Sendable, Equatable {
    /// The columns that an import has, in any order.
    static let columns = ["sku", "name", "price_cents", "stock"]

    var sku: String
    var name: String
    var priceCents: Int
    var stock: Int

    /// Reads a record whose fields stand where `places` says, in the order of `columns`. Answers nil and tells `fault`
    /// everything that is wrong.
    init?(_ record: CSVRecord, places: [Int], fault: (_ column: String, _ message: String) -> Void) {
        func number(_ column: Int, _ range: ClosedRange<Int>) -> Int? {
            let field = record[places[column]]
            let isNumber = (1...10).contains(field.count) && field.allSatisfy { (0x30...0x39).contains($0) }
            if isNumber, let value = Int(record.text(places[column])), range.contains(value) { return value }
            fault(Self.columns[column], "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }

        let sku = record[places[0]]
        let isCode = (1...64).contains(sku.count) && sku.allSatisfy { (0x21...0x7E).contains($0) }
        if !isCode { fault("sku", "must have 1 to 64 letters, digits or signs, and no spaces") }
        let name = String(validating: record[places[1]], as: UTF8.self)
        let isName =
            name.map { name in
                !name.allSatisfy(\.isWhitespace) && name.unicodeScalars.count <= 200
                    && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
            } ?? false
        if name == nil {
            fault("name", "must be UTF-8")
        } else if !isName {
            fault("name", "must have 1 to 200 characters, not only spaces, and no control characters")
        }
        let price = number(2, 0...100_000_000)
        let stock = number(3, 0...1_000_000_000)
        guard isCode, isName, let name, let price, let stock else { return nil }
        self.sku = String(decoding: sku, as: UTF8.self)
        self.name = name
        priceCents = price
        self.stock = stock
    }

    /// Adds the row as a line of CSV, with the number of its line in front.
    func write(line: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: String(line).utf8)
        for text in [sku, name] {
            bytes.append(contentsOf: ",\"".utf8)
            for byte in text.utf8 {
                if byte == UInt8(ascii: "\"") { bytes.append(byte) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(contentsOf: ",\(priceCents),\(stock)\n".utf8)
    }
}
