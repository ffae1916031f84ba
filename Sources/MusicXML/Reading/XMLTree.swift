/// An XML document as a tree in one array.
///
/// It supports the part of XML 1.0 that MusicXML needs: elements, attributes, text, CDATA, the five predefined entities
/// and character references. Documents cannot declare entities, nothing is fetched, and depth and size are limited: the
/// tree is at most a small multiple of the size of the file, and no function recurses into it.
final class XMLTree: Sendable {
  struct Node: Sendable {
    var name: String
    var attributes: [(name: String, value: String)] = []
    var text = ""
    var firstChild: Int32 = -1
    var nextSibling: Int32 = -1
  }

  let nodes: [Node]

  init(nodes: [Node]) { self.nodes = nodes }

  var root: XMLElement { XMLElement(tree: self, index: 0) }
}

/// An element of a tree.
struct XMLElement {
  fileprivate let tree: XMLTree
  fileprivate let index: Int

  fileprivate init(tree: XMLTree, index: Int) { (self.tree, self.index) = (tree, index) }

  private var node: XMLTree.Node { tree.nodes[index] }

  var name: String { node.name }

  /// The text directly inside, without surrounding white space.
  var text: String {
    let text = node.text[...].drop(while: \.isWhitespace)
    return String(text.reversed().drop(while: \.isWhitespace).reversed())
  }

  /// The text as a finite number.
  var number: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }

  /// The text as an integer of at most nine digits.
  var integer: Int? { Int(text).flatMap { abs($0) < 1_000_000_000 ? $0 : nil } }

  /// The value of an attribute.
  subscript(attribute name: String) -> String? { node.attributes.first { $0.name == name }?.value }

  /// The first child with a name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  func all(_ name: String) -> LazyFilterSequence<Children> { children.lazy.filter { $0.name == name } }

  var children: Children { Children(tree: tree, place: node.firstChild) }

  /// The children of an element in their order.
  struct Children: Sequence, IteratorProtocol {
    fileprivate let tree: XMLTree
    fileprivate var place: Int32

    mutating func next() -> XMLElement? {
      guard place >= 0 else { return nil }
      defer { place = tree.nodes[Int(place)].nextSibling }
      return XMLElement(tree: tree, index: Int(place))
    }
  }
}
