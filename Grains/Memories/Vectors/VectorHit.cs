using System.Runtime.InteropServices;

namespace OrleansMemory.Grains.Memories.Vectors;

/// <summary>One result.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Similarity">The cosine of the angle between the vectors, -1 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VectorHit(string Id, float Similarity);
