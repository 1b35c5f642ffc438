namespace Orleans.Concurrency;

/// <summary>Declares that the method changes no state: requests for such methods interleave with each other, and with no other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;
