namespace Orleans.Runtime;

/// <summary>Gives a parameter of a grain's constructor the grain's stored state. Its type is an <see cref="IPersistentState{TState}"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute : Attribute, IPersistentStateConfiguration
{
    /// <summary>Names the state.</summary>
    /// <param name="stateName">The name; empty for that of the parameter.</param>
    /// <param name="storageName">The name under which the storage was added; null for the default one.</param>
    public PersistentStateAttribute(string stateName, string? storageName = null)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        StateName = stateName;
        StorageName = storageName;
    }

    /// <inheritdoc />
    public string StateName { get; }

    /// <inheritdoc />
    public string? StorageName { get; }
}
