using Microsoft.Extensions.Options;

namespace Orleans.Configuration;

/// <summary>Checks the times of <see cref="GrainCollectionOptions"/> against each other.</summary>
internal sealed class GrainCollectionOptionsValidator : IValidateOptions<GrainCollectionOptions>
{
    public ValidateOptionsResult Validate(string? name, GrainCollectionOptions options)
    {
        var failures = new List<string>();
        Require(options.CollectionQuantum > TimeSpan.Zero, nameof(options.CollectionQuantum), options.CollectionQuantum, "more than zero");
        Require(options.ActivationTimeout > TimeSpan.Zero, nameof(options.ActivationTimeout), options.ActivationTimeout, "more than zero");
        Require(options.DeactivationTimeout > TimeSpan.Zero, nameof(options.DeactivationTimeout), options.DeactivationTimeout, "more than zero");
        RequireAge(nameof(options.CollectionAge), options.CollectionAge);
        foreach (var (grainClass, age) in options.ClassSpecificCollectionAge) RequireAge($"{nameof(options.ClassSpecificCollectionAge)}[{grainClass}]", age);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void RequireAge(string setting, TimeSpan age) =>
            Require(age > options.CollectionQuantum, setting, age, $"more than the {nameof(options.CollectionQuantum)} of {options.CollectionQuantum}");

        void Require(bool holds, string setting, TimeSpan value, string rule)
        {
            if (!holds) failures.Add($"{nameof(GrainCollectionOptions)}.{setting} is {value} and must be {rule}.");
        }
    }
}
