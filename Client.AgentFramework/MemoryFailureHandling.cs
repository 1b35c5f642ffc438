namespace OrleansMemory.Client.AgentFramework;

/// <summary>What becomes of a run whose memories cannot be read or recorded.</summary>
public enum MemoryFailureHandling
{
    /// <summary>It goes on without them; the type of the failure is logged.</summary>
    Skip = 0,

    /// <summary>It fails. A run that fails because it could not be recorded has been stored all the same: its history has it.</summary>
    Fail = 1,
}
