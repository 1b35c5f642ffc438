namespace Orleans.Runtime;

/// <summary>Base of the errors that the host itself reports.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    /// <summary>An error without further words.</summary>
    public OrleansException()
        : base("The Orleans host reports an error.")
    {
    }

    /// <summary>An error.</summary>
    /// <param name="message">What happened.</param>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A call was refused before the grain saw it.</summary>
[GenerateSerializer]
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }

    internal OrleansMessageRejectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The host is not running: not started yet, stopping, or stopped.</summary>
[GenerateSerializer]
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>The host is not running.</summary>
    public SiloUnavailableException()
        : base("The host is not running.")
    {
    }

    /// <summary>The host is not running.</summary>
    /// <param name="msg">What state it is in.</param>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    /// <summary>The host is not running.</summary>
    /// <param name="message">What state it is in.</param>
    /// <param name="innerException">The cause.</param>
    public SiloUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The host was set up in a way that cannot work.</summary>
[GenerateSerializer]
public sealed class OrleansConfigurationException : Exception
{
    /// <summary>The host was set up in a way that cannot work.</summary>
    /// <param name="message">Which setting, and what it must be.</param>
    public OrleansConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>The host was set up in a way that cannot work.</summary>
    /// <param name="message">Which setting, and what it must be.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
