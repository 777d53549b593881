//! Marks compressed messages for tungstenite, which does not know `permessage-deflate`: a text frame
//! with the bit RSV1 becomes a binary frame without it. The client sends no other binary messages.

use crate::live::close::Close;

const RSV1: u8 = 0x40;
const OPCODE: u8 = 0x0F;
const TEXT: u8 = 1;
const BINARY: u8 = 2;

/// The place in the stream of frames.
#[derive(Debug, Default)]
pub(super) struct HeadFilter {
    place: Place,
}

#[derive(Clone, Copy, Debug, Default)]
enum Place {
    /// The first byte of a frame follows.
    #[default]
    First,
    /// The byte with the mask bit and the length follows.
    Length,
    /// So many bytes of a longer length follow.
    Longer { left: u8, masked: bool, length: u64 },
    /// So many bytes of mask and payload follow.
    Payload { left: u64 },
}

impl HeadFilter {
    /// Changes the heads in the next bytes of the stream.
    ///
    /// # Errors
    ///
    /// If a binary message begins.
    pub(super) fn apply(&mut self, bytes: &mut [u8]) -> Result<(), Close> {
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first_mut() {
            if let Place::Payload { left } = &mut self.place {
                let here = usize::try_from(*left)
                    .unwrap_or(usize::MAX)
                    .min(after.len() + 1);
                *left -= here as u64;
                if *left == 0 {
                    self.place = Place::First;
                }
                rest = after.get_mut(here - 1..).unwrap_or_default();
                continue;
            }
            self.head(byte)?;
            rest = after;
        }
        Ok(())
    }

    fn head(&mut self, byte: &mut u8) -> Result<(), Close> {
        self.place = match self.place {
            Place::First => {
                match *byte & OPCODE {
                    BINARY => return Err(Close::Binary),
                    TEXT if *byte & RSV1 != 0 => *byte = (*byte & !RSV1 & !OPCODE) | BINARY,
                    _ => {}
                }
                Place::Length
            }
            Place::Length => {
                let masked = *byte & 0x80 != 0;
                match *byte & 0x7F {
                    126 => Place::Longer {
                        left: 2,
                        masked,
                        length: 0,
                    },
                    127 => Place::Longer {
                        left: 8,
                        masked,
                        length: 0,
                    },
                    length => payload(masked, length.into()),
                }
            }
            Place::Longer {
                left,
                masked,
                length,
            } => {
                let length = length << 8 | u64::from(*byte);
                match left {
                    1 => payload(masked, length),
                    left => Place::Longer {
                        left: left - 1,
                        masked,
                        length,
                    },
                }
            }
            place @ Place::Payload { .. } => place,
        };
        Ok(())
    }
}

fn payload(masked: bool, length: u64) -> Place {
    match length.saturating_add(if masked { 4 } else { 0 }) {
        0 => Place::First,
        left => Place::Payload { left },
    }
}
