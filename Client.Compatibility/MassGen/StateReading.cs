namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>What is expected of a state that is loaded.</summary>
public enum StateReading
{
    /// <summary>It must have <c>messages</c>.</summary>
    Strict = 0,

    /// <summary>Without <c>messages</c> it is the state of an empty memory.</summary>
    Lenient = 1,
}
