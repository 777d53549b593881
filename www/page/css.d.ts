// A style sheet as its text: the bundler's.

declare module '*.css?inline' {
  const text: string;
  export default text;
}
