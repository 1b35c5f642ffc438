namespace Orleans.Concurrency;

/// <summary>
/// A call of this method ends for the caller as soon as it is on its way: nobody hears whether it went well, nor whether it arrived. The method returns
/// <see cref="Task"/> or <see cref="ValueTask"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;
