namespace Orleans.Concurrency;

/// <summary>Lets requests for this method start while any other request of the grain waits in an <c>await</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;
