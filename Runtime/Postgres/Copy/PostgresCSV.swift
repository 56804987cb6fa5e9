/// How the CSV of a COPY is written (PostgreSQL manual, COPY, "CSV Format"); UTF-8 always.
public struct PostgresCSV: Sendable, Equatable {
    /// Whether the first line holds names and is passed over.
    public var hasHeader: Bool
    /// What stands between values; one ASCII character.
    public var delimiter: Character
    /// What stands around values with delimiters and line ends in them, doubled within; one ASCII character.
    public var quote: Character
    /// What, without quotes, means NULL; nothing at all by default.
    public var null: String

    /// A format; see the properties.
    public init(
        hasHeader: Bool = false, delimiter: Character = ",", quote: Character = "\"", null: String = ""
    ) {
        self.hasHeader = hasHeader
        self.delimiter = delimiter
        self.quote = quote
        self.null = null
    }

    /// The quote as the server gets it, which refuses any that is not ASCII.
    var quoteByte: UInt8 { quote.asciiValue ?? UInt8(ascii: "\"") }

    /// The options of the statement.
    var options: SQL {
        var options: SQL = "(FORMAT csv, HEADER \(unsafe: hasHeader ? "true" : "false"), DELIMITER "
        options.append(Self.literal(String(delimiter)))
        options.append(", QUOTE ")
        options.append(Self.literal(String(quote)))
        options.append(", NULL ")
        options.append(Self.literal(null))
        options.append(")")
        return options
    }

    /// A quoted literal whatever the server's settings are; COPY takes no parameters.
    private static func literal(_ text: String) -> SQL {
        var literal = ""
        for character in text.unicodeScalars {
            if character == "'" || character == "\\" { literal.unicodeScalars.append(character) }
            literal.unicodeScalars.append(character)
        }
        return "E'\(unsafe: literal)'"
    }
}
