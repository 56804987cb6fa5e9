import JSONCoding
import Manifests

/// The routes of a manifest as `swiftlet routes` lists them.
public struct RouteTable {
    /// One route.
    public struct Row: Sendable {
        /// The method.
        public let method: String
        /// The path with the prefix.
        public let path: String
        /// The version.
        public let version: String
        /// The function's name.
        public let function: String
    }

    /// The routes in the manifest's order.
    public let rows: [Row]

    /// The routes of this manifest.
    public init(_ manifest: Manifest) {
        rows = manifest.functions.flatMap { function in
            function.routes.map { route in
                Row(
                    method: route.method, path: manifest.server.prefix + route.path, version: function.version,
                    function: function.name.rawValue)
            }
        }
    }

    /// The routes as JSON: `{"routes":[{"method":…,"path":…,"version":…,"function":…}]}`.
    public func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("routes")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.key("method")
            json.string(row.method)
            json.key("path")
            json.string(row.path)
            json.key("version")
            json.string(row.version)
            json.key("function")
            json.string(row.function)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.endLine()
        return json.bytes
    }
}
