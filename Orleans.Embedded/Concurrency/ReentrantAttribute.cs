namespace Orleans.Concurrency;

/// <summary>Lets every request to the grains of this class start while others wait in an <c>await</c>; still never two at the same
/// instant.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;
