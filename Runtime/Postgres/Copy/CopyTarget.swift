/// Where the rows of a COPY go.
struct CopyTarget {
    var schema: String?
    var table: String
    var columns: [String]

    /// How many values a row must have; nil when the columns are the table's own.
    var count: Int? { columns.isEmpty ? nil : columns.count }

    /// `COPY … FROM STDIN` with the options.
    func statement(_ options: SQL) -> SQL {
        var sql: SQL = "COPY "
        if let schema { sql.append("\(identifier: schema).") }
        sql.append("\(identifier: table)")
        for (index, column) in columns.enumerated() {
            sql.append(index == 0 ? " (" : ", ")
            sql.append("\(identifier: column)")
        }
        if !columns.isEmpty { sql.append(")") }
        sql.append(" FROM STDIN \(options)")
        return sql
    }

    var textStatement: SQL { statement("(FORMAT text)") }
}
