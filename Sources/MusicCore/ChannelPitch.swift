/// A pitch on a channel: what a note-off refers to.
package struct ChannelPitch: Hashable, Comparable, Sendable {
  package var channel: Channel
  package var pitch: Pitch

  package init(_ channel: Channel, _ pitch: Pitch) { (self.channel, self.pitch) = (channel, pitch) }

  package static func < (a: ChannelPitch, b: ChannelPitch) -> Bool { (a.channel, a.pitch) < (b.channel, b.pitch) }
}
