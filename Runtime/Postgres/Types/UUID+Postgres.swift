import FoundationEssentials

extension UUID: PostgresBindable {
    /// `uuid`.
    public static var postgresType: PostgresType { .uuid }

    /// Writes the sixteen bytes.
    public func write(to parameter: inout PostgresParameter) {
        withUnsafeBytes(of: uuid) { parameter.append(contentsOf: $0) }
    }
}
