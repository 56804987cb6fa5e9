import Foundation

/// Whether a text is JSON. Foundation is used here and nowhere else in the module.
enum JSONSyntax {
    /// What is wrong with it, in a few words; nil: it is JSON.
    static func fault(in text: String) -> String? {
        do {
            _ = try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
            return nil
        } catch {
            let words = (error as NSError).userInfo["NSDebugDescription"] as? String
            return words.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 } ?? "it is malformed"
        }
    }
}
