/// Where a value writes its bytes when it is bound to a statement.
public struct PostgresParameter: Sendable {
    var bytes: [UInt8]
    var isNull = false
    var reason: (message: String, state: SQLState?)?

    /// Adds bytes as they are: the binary form of the value's type, or text in UTF-8 (without zero bytes).
    public mutating func append(contentsOf more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// Adds a string of a type whose form is text. A zero character, which PostgreSQL cannot store, makes the query
    /// throw with SQLSTATE 22021.
    public mutating func append(text: String) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        if bytes[start...].contains(0) { refuse("Text with a zero character cannot be stored", "22021") }
    }

    /// Adds an integer in network byte order.
    public mutating func append(bigEndian value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Binds NULL, whatever was added.
    public mutating func setNull() { isNull = true }

    /// Makes the query throw before anything is sent: the value has no form that the server would take.
    public mutating func refuse(_ message: String, _ state: SQLState? = nil) {
        if reason == nil { reason = (message, state) }
    }
}
