namespace OrleansMemory.Mcp.Results;

/// <summary>What one result shows of a stored text.</summary>
/// <param name="Offset">Where the piece begins, in UTF-16 units from 0.</param>
/// <param name="Next">Where the next piece begins; <see langword="null"/> when this is the last one.</param>
internal readonly record struct TextPiece(string Text, int Offset, int? Next);
