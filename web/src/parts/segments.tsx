// One of a few choices.

interface Props<T extends string> {
  label: string;
  choices: readonly (readonly [value: T, label: string])[];
  value: T;
  onChange: (value: T) => void;
}

export function Segments<T extends string>({ label, choices, value, onChange }: Props<T>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {choices.map(([choice, name]) => (
        <button key={choice} type="button" aria-pressed={choice === value} onClick={() => onChange(choice)}>
          {name}
        </button>
      ))}
    </div>
  );
}
