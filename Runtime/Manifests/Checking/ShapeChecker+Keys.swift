extension ShapeChecker {
    /// Reports a key that is not in the table, with the key that was probably meant (which it returns), or
    /// where it belongs.
    func unknown(_ pair: Tree.Pair, _ record: Record, _ place: Place) -> String? {
        let key = pair.key
        let known = record.fields.map(\.name)
        if place.path == "function", place.key == "defaults", key == "route" || key == "routes" {
            problems.error(
                pair.keyPosition, "`\(key)` cannot be in `defaults`: every function has its own",
                fix: "move it into a function")
            return nil
        }
        if let near = Similarity.nearest(to: key, among: known) {
            problems.error(
                pair.keyPosition, "unknown key `\(key)`: did you mean `\(near)`?", fix: "write `\(near)`")
            return near
        }
        let fix: String
        if !place.path.hasPrefix("function"), KeyTable.function.field(key) != nil {
            fix = "put it under `defaults` or into a function"
        } else if place.path.hasPrefix("function"), KeyTable.manifest.field(key) != nil {
            fix = "put it at the top level, without indentation"
        } else {
            fix = "remove it; the keys here are \(known.joined(separator: ", "))"
        }
        problems.error(pair.keyPosition, "unknown key `\(key)`", fix: fix)
        return nil
    }
}
