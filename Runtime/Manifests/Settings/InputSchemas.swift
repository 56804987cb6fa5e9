/// A function's `input`: JSON Schemas of a request's parts; nil: not checked.
public struct InputSchemas: Sendable, Equatable {
    /// The path's parameters, as one object.
    public var path: SchemaDocument?
    /// The query's parameters, as one object.
    public var query: SchemaDocument?
    /// The body.
    public var body: SchemaDocument?

    /// Makes the schemas.
    public init(path: SchemaDocument? = nil, query: SchemaDocument? = nil, body: SchemaDocument? = nil) {
        self.path = path
        self.query = query
        self.body = body
    }
}
